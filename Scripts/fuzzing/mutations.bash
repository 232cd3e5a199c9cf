# Scripts/fuzz mutations: whether a broken rule is noticed. Works on a copy of the pure targets below .build, never on the tree.

folder=$PWD/.build/mutations
log=$folder/test.log
targets=(Basics ACD IVR ContactCenter KPI Simulation)
unnoticed=0

# The same settings as in Package.swift, for a package that needs nothing but the toolchain.
prepare() {
    local target
    mkdir -p "$folder"
    rm -rf "$folder/Sources" "$folder/Tests"
    mkdir "$folder/Sources" "$folder/Tests"
    for target in "${targets[@]}"; do cp -a "Sources/$target" "$folder/Sources/$target"; done
    cp -a Tests/RulesTests "$folder/Tests/RulesTests"
    {
        sed -n '/^\/\/ swift-tools-version/p; /^let base/,/^\]/p; /^let pure/p' Package.swift
        echo 'import PackageDescription'
        echo 'let package = Package(name: "mutations", targets: ['
        for target in "${targets[@]}"; do grep -E "^ *\.target\(name: \"$target\"," Package.swift; done
        awk '/\.testTarget\($/ { text = $0; next } text { text = text "\n" $0; if (/swiftSettings:/) {
            if (text ~ /name: "RulesTests"/) print text; text = "" } }' Package.swift
        echo '])'
    } >"$folder/Package.swift"
}

# Builds and tests the copy; `failed` gets the names of the tests that fail.
run_tests() {
    if ! swift build --package-path "$folder" --build-tests >"$log" 2>&1; then
        grep -E 'error:' "$log" | head -n 3
        echo "does not compile; mend Scripts/fuzzing/mutations.bash" >&2
        exit 2
    fi
    # A trap ends all tests at once, so the run has no end of its own.
    timeout 900 swift test --package-path "$folder" --skip-build --no-parallel --filter '^RulesTests\.' >"$log" 2>&1 || true
    failed=$(grep -aE '^✘ Test .*(failed after)' "$log" | grep -av '^✘ Test run' |
        sed -E 's/^✘ Test ("[^"]*"|[^ ]+).*/\1/' | sort -u)
}

# place FROM [FILE]: the one file of the rules that has the line, wherever it has moved, among those of that name; empty if
# there is none, or more than one.
place() {
    local found
    found=$(grep -rcF --include="${2:-*.swift}" -- "$1" Sources/ACD Sources/ContactCenter Sources/IVR | grep -v ':0$' || true)
    if [[ $(wc -l <<<"$found") -eq 1 && $found == *:1 ]]; then echo "${found%:1}"; fi
}

# mutation NAME FROM TO [FILE]: to be tried. FROM is a part of a line that the rules have once, or once in files of that name.
names=() froms=() tos=() files=()
mutation() {
    names+=("$1") froms+=("$2") tos+=("$3") files+=("${4:-}")
}

# mutate NAME FROM TO FILE: breaks one line, tests, and puts it back.
mutate() {
    local name=$1 from=$2 to=$3 file failed
    file=$folder/$(place "$from" "$4")
    cp "$file" "$folder/original"
    FROM=$from TO=$to awk '{ at = index($0, ENVIRON["FROM"])
        if (at) $0 = substr($0, 1, at - 1) ENVIRON["TO"] substr($0, at + length(ENVIRON["FROM"])); print }' \
        "$folder/original" >"$file"
    echo
    echo "mutation: $name"
    run_tests
    if [[ -n $failed ]]; then
        sed 's/^/  fails: /' <<<"$failed"
    fi
    if ! grep -qaE '^[✔✘] Test run with ' "$log"; then
        echo "  ends all tests in: $(grep -aE '^◇ Test .* started' "$log" | tail -n 1 | sed -E 's/^◇ Test (.*) started.*/\1/')"
    elif [[ -z $failed ]]; then
        echo "  NOT NOTICED"
        unnoticed=$((unnoticed + 1))
    fi
    mv "$folder/original" "$file"
    touch "$file"
}

mutation "the order of those who wait: the last comes first" \
    'return a.effectiveEnqueuedAt < b.effectiveEnqueuedAt' 'return a.effectiveEnqueuedAt > b.effectiveEnqueuedAt'
mutation "the order of agents: the worst by the first key comes first" \
    'return a.values[0] < b.values[0]' 'return a.values[0] > b.values[0]'
mutation "the order of agents: the highest level comes first" \
    'return a.level < b.level' 'return a.level > b.level' Rank.swift
mutation "the wrap-up is no work of the agent" \
    'for load in loads {' 'for (load, piece) in zip(loads, work) { if case .wrapUp = piece { continue }'
mutation "the wrap-up ends a second after its time" \
    'if let deadline { deadlines.set(.wrapUp(id), at: deadline) }' \
    'if let deadline { deadlines.set(.wrapUp(id), at: deadline + .seconds(1)) }'
mutation "what rings is not rescinded when the caller leaves" \
    'for offer in entry.offers { rescind(offer, noting: &contact) }' \
    'for offer in entry.offers.dropFirst() { rescind(offer, noting: &contact) }'
mutation "who was rung in vain rings on after the answer" \
    'for other in entry.offers where other != id {' 'for other in entry.offers where other < id {'

# All of them are looked for before the first test, which takes minutes.
lost=0
for index in "${!names[@]}"; do
    if [[ -z $(place "${froms[index]}" "${files[index]}") ]]; then
        echo "${names[index]}: the rules have not exactly one line with \`${froms[index]}\`" >&2
        lost=$((lost + 1))
    fi
done
if [[ $lost -gt 0 ]]; then
    echo "mend Scripts/fuzzing/mutations.bash" >&2
    exit 2
fi

prepare
run_tests
if [[ -n $failed ]] || ! grep -qaE '^✔ Test run with .* passed' "$log"; then
    printf 'the rules as they are fail already, so this says nothing:\n%s\n' "$failed" >&2
    exit 2
fi
for index in "${!names[@]}"; do
    mutate "${names[index]}" "${froms[index]}" "${tos[index]}" "${files[index]}"
done
echo
echo "unnoticed: $unnoticed"
[[ $unnoticed -eq 0 ]]
