// The files of the web pages, served from memory.

internal import COpenSSL
internal import Foundation
internal import HTTPTypes
internal import NIOCore

/// All files below one folder, read once at the start.
///
/// A request is compared with the known paths and never becomes a path of the file system, so there is nothing to traverse.
public struct StaticFiles: Sendable {
    public enum Failure: Error, Equatable {
        case folderUnreadable(String)
        /// All files together are larger than `bytesMax`.
        case tooLarge(bytesMax: Int)
    }

    /// What `default-src` does not cover is named: framing, a foreign base, forms to elsewhere (Content Security Policy 3).
    public static let strictPolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    private struct File: Sendable {
        let body: ByteBuffer
        let contentType: String
        let entityTag: String
    }

    private let files: [String: File]
    private let cacheControl: String
    private let contentSecurityPolicy: String

    /// Reads every regular file of `folder`; hidden ones (`.name`) and symbolic links are left out. `index.html` also
    /// answers its folder's path, with a slash at the end and without.
    ///
    /// `prefix` is put before each path: "/app" serves `page.js` as `/app/page.js`. `cacheControl` makes clients ask each
    /// time, which costs them a 304. Blocks: to be called before the loop runs, or from a worker queue.
    public init(
        folder: String, prefix: String = "", cacheControl: String = "no-cache",
        contentSecurityPolicy: String = StaticFiles.strictPolicy, bytesMax: Int = 64 << 20
    ) throws {
        let root = URL(fileURLWithPath: folder, isDirectory: true).resolvingSymlinksInPath()
        let isDirectory = try? root.resourceValues(forKeys: [.isDirectoryKey]).isDirectory
        guard isDirectory == true,
            let paths = FileManager.default.enumerator(atPath: root.path)
        else { throw Failure.folderUnreadable(folder) }
        var files: [String: File] = [:]
        var bytes = 0
        for case let path as String in paths {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            let url = root.appendingPathComponent(path)
            let kind = try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile
            guard kind == true else { continue }
            let data = try Data(contentsOf: url)
            bytes += data.count
            guard bytes <= bytesMax else { throw Failure.tooLarge(bytesMax: bytesMax) }
            let file = File(
                body: ByteBuffer(bytes: data), contentType: ContentType.of(path), entityTag: "\"\(Self.hash(data))\"")
            // As clients write it.
            let name = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
            files[prefix + "/" + name] = file
            guard url.lastPathComponent == "index.html" else { continue }
            let folder = prefix + "/" + name.dropLast("index.html".count)
            files[folder] = file
            // Without the slash, too: pages of folders have absolute addresses in them.
            if folder != "/" { files[String(folder.dropLast())] = file }
        }
        self.files = files
        self.cacheControl = cacheControl
        self.contentSecurityPolicy = contentSecurityPolicy
    }

    /// Served paths, sorted.
    public var paths: [String] { files.keys.sorted() }

    /// Nil if there is no such file.
    func answer(_ request: HotRequest) -> HotResponse? {
        guard let file = files[request.path] else { return nil }
        guard request.method == .get || request.method == .head else {
            return Problem.methodNotAllowed(["GET", "HEAD"]).answer
        }
        var answer: HotResponse
        if let known = request.headers[.ifNoneMatch], Self.matches(known, file.entityTag) {
            answer = HotResponse(status: .notModified)
        } else {
            answer = HotResponse(contentType: file.contentType, body: file.body)
        }
        answer.headers[.eTag] = file.entityTag
        answer.headers[.cacheControl] = cacheControl
        answer.headers[.contentSecurityPolicy] = contentSecurityPolicy
        return answer
    }

    /// If-None-Match compares weakly (RFC 9110, 13.1.2).
    private static func matches(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").contains {
            let one = $0.trimmingCharacters(in: .whitespaces)
            return one == "*" || one == tag || one == "W/" + tag
        }
    }

    /// SHA-256, its first 16 bytes in hexadecimal.
    private static func hash(_ data: Data) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        _ = data.withUnsafeBytes { EVP_Digest($0.baseAddress, $0.count, &digest, &length, EVP_sha256(), nil) }
        let digits = Array("0123456789abcdef")
        return String(digest.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
