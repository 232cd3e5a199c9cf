// Files of the web pages.

import Foundation
import HTTP
import LoopTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct StaticFilesTests {
    /// A folder of files, in a folder of its own, in which there is something outside, too.
    private func folder() throws -> URL {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)/pages")
        try manager.createDirectory(at: folder.appendingPathComponent("agent"), withIntermediateDirectories: true)
        try Data("<p>hello</p>".utf8).write(to: folder.appendingPathComponent("index.html"))
        try Data("<p>agent</p>".utf8).write(to: folder.appendingPathComponent("agent/index.html"))
        try Data("export {}".utf8).write(to: folder.appendingPathComponent("agent/page.js"))
        try Data("secret".utf8).write(to: folder.appendingPathComponent(".hidden"))
        try Data("outside".utf8).write(to: folder.deletingLastPathComponent().appendingPathComponent("outside.txt"))
        return folder
    }

    @Test("file, folder, type, cache and security fields; HEAD; 304 for a known tag") func serving() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let files = try StaticFiles(folder: folder.path)
        #expect(files.paths == ["/", "/agent", "/agent/", "/agent/index.html", "/agent/page.js", "/index.html"])
        let server = try TestServer(files: files)
        for path in ["/agent", "/agent/"] { #expect(try await server.get(path).hasSuffix("<p>agent</p>")) }
        let page = try await server.get("/")
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.hasSuffix("\r\n\r\n<p>hello</p>"))
        #expect(page.lowercased().contains("content-type: text/html; charset=utf-8\r\n"))
        let policy = page.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-security-policy: ") } ?? ""
        for part in ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            #expect(policy.contains(part))
        }
        #expect(page.lowercased().contains("cache-control: no-cache\r\n"))
        let tag = try #require(page.split(separator: "\r\n").first { $0.lowercased().hasPrefix("etag: ") }?.dropFirst(6))
        #expect(tag.count == 34)
        let posted = try await server.get("/agent/page.js", method: "POST")
        #expect(posted.hasPrefix("HTTP/1.1 405 ") && posted.lowercased().contains("allow: get, head\r\n"), "\(posted)")
        let script = try await server.get("/agent/page.js?version=2")
        #expect(script.lowercased().contains("content-type: text/javascript; charset=utf-8\r\n"))
        let head = try await server.get("/", method: "HEAD")
        #expect(head.lowercased().contains("content-length: 12\r\n") && head.hasSuffix("\r\n\r\n"))
        for known in ["\(tag)", "W/\(tag)", "\"other\", \(tag)", "*"] {
            let same = try await server.get("/", "if-none-match: \(known)\r\n")
            #expect(same.hasPrefix("HTTP/1.1 304 Not Modified\r\n") && same.hasSuffix("\r\n\r\n"), "\(known)")
            #expect(same.contains(tag))
        }
        #expect(try await server.get("/", "if-none-match: \"other\"\r\n").hasPrefix("HTTP/1.1 200 "))
        // The same content has the same tag after a restart, other content another.
        try Data("<p>new</p>".utf8).write(to: folder.appendingPathComponent("index.html"))
        let changed = try TestServer(files: try StaticFiles(folder: folder.path))
        #expect(try await changed.get("/", "if-none-match: \(tag)\r\n").hasPrefix("HTTP/1.1 200 "))
        #expect(try await changed.get("/agent/page.js").contains("export {}"))
    }

    @Test(
        "nothing outside the folder can be named",
        arguments: [
            "/../outside.txt", "/agent/../../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/.hidden",
            "//etc/passwd", "/agent/page.js/", "/agent//", "/agent/..", "/./index.html", "/index.html%00.js",
        ])
    func traversal(_ path: String) async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let server = try TestServer(files: try StaticFiles(folder: folder.path))
        let answer = try await server.get(path)
        #expect(answer.hasPrefix("HTTP/1.1 404 "), "\(answer)")
    }

    @Test("symbolic links are left out, to files and to folders; the folder itself may be one") func links() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let manager = FileManager.default
        let outside = folder.deletingLastPathComponent().appendingPathComponent("outside-\(UUID().uuidString)")
        defer { try? manager.removeItem(at: outside) }
        try manager.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: outside.appendingPathComponent("secret.txt"))
        try manager.createSymbolicLink(
            at: folder.appendingPathComponent("file.txt"), withDestinationURL: outside.appendingPathComponent("secret.txt"))
        try manager.createSymbolicLink(at: folder.appendingPathComponent("folder"), withDestinationURL: outside)
        try manager.createSymbolicLink(
            at: folder.appendingPathComponent("own.js"), withDestinationURL: folder.appendingPathComponent("agent/page.js"))
        let expected = ["/", "/agent", "/agent/", "/agent/index.html", "/agent/page.js", "/index.html"]
        #expect(try StaticFiles(folder: folder.path).paths == expected)
        let link = outside.appendingPathComponent("pages")
        try manager.createSymbolicLink(at: link, withDestinationURL: folder)
        #expect(try StaticFiles(folder: link.path).paths == expected)
    }

    @Test("a folder that is missing or too large is an error at the start") func failures() throws {
        #expect(throws: StaticFiles.Failure.folderUnreadable("/nonexistent")) { try StaticFiles(folder: "/nonexistent") }
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        #expect(throws: StaticFiles.Failure.tooLarge(bytesMax: 5)) { try StaticFiles(folder: folder.path, bytesMax: 5) }
    }
}
