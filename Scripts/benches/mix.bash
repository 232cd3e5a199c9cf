# mix: what a party of a conference costs for each frame of 20 ms, from the datagram that comes in to the one that goes out.
#
# us_core_...: the same without sockets, that is jitter buffer, concealment, mixing and G.711. The baselines are a plain loop in
# C that only decodes, adds and encodes; epoll, recv and send in C for the same phones; and libopus alone. Time is the processor's
# for the mixing thread; the phones have another one. About 100 parties are up each time, in rooms of the size behind the @.

swift build -c release --product MixBench >&2
echo "bench: mix"
echo "quick: $quick"
echo "processors: $(nproc)"
for ((number = 0; number < pairs; number++)); do
    "$(swift build -c release --show-bin-path)/MixBench" ${mode:+"$mode"}
done | awk -F': ' '
    { if (!($1 in count)) names[++rows] = $1; values[$1, ++count[$1]] = $2 }
    END {
        for (row = 1; row <= rows; row++) {
            name = names[row]
            # The median of three, or the only one.
            if (count[name] < 3) { print name ": " values[name, 1]; continue }
            a = values[name, 1] + 0; b = values[name, 2] + 0; c = values[name, 3] + 0
            # In brackets: behind printf a bare > would name a file.
            printf("%s: %.2f\n", name, (a > b ? (b > c ? b : (a > c ? c : a)) : (a > c ? a : (b > c ? c : b))))
        }
    }'
