// Where something stands in the configuration folder.

/// A place in a file, as compilers and editors write it. Lines and columns start at 1; columns count Unicode scalars.
public struct Position: Hashable, Comparable, Sendable {
    /// The path of the file: the folder as it was given, then the file's name in it.
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int = 1, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }

    public static func < (a: Position, b: Position) -> Bool {
        (a.file, a.line, a.column) < (b.file, b.line, b.column)
    }
}
