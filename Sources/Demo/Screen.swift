// Where the demo shows itself: a terminal that is drawn in place, or plain lines for pipes and simple terminals.

internal import Foundation

/// Standard output, as what it is.
final class Screen {
    private static let home = "\u{1B}[H", clearLine = "\u{1B}[K", clearBelow = "\u{1B}[J"
    private static let open = "\u{1B}[?1049h\u{1B}[?25l", close = "\u{1B}[?25h\u{1B}[?1049l"

    /// Whether pictures can be drawn in place.
    let isTerminal: Bool
    private let hasColours: Bool
    private var isOpen = false

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let terminal = environment["TERM"] ?? ""
        isTerminal = isatty(STDOUT_FILENO) == 1 && !terminal.isEmpty && terminal != "dumb"
        // https://no-color.org
        hasColours = (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Columns and rows; 80 × 24 where the terminal does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws over the last picture.
    func draw(_ lines: [Table.Line]) {
        var text = isOpen ? Self.home : Self.open + Self.home
        isOpen = true
        text += lines.map { painted($0) + Self.clearLine }.joined(separator: "\r\n") + Self.clearBelow
        write(text)
    }

    /// A line that stays, where nothing is drawn.
    func say(_ line: String) { write(line + "\n") }

    /// Gives the terminal back as it was.
    func leave() {
        guard isOpen else { return }
        isOpen = false
        write(Self.close)
    }

    private func painted(_ line: Table.Line) -> String {
        guard hasColours else { return line.text }
        let code: String
        switch line.tone {
        case .plain: return line.text
        case .title: code = "1;7"
        case .heading: code = "1"
        case .good: code = "32"
        case .busy: code = "33"
        case .alarm: code = "31"
        case .faint: code = "2"
        }
        return "\u{1B}[\(code)m\(line.text)\u{1B}[0m"
    }

    private func write(_ text: String) {
        // A reader that has gone away (`| head`) is no failure of the demo's.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
