// Which methods a path knows, for the answer 405.

internal import HTTPTypes
internal import Hummingbird

/// The routes of a router, searched only after the router itself has found nothing.
struct AllowedMethods: Sendable {
    private let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    init(_ routes: [(RouterPath, HTTPRequest.Method)]) { self.routes = routes.map { (path: $0.0, method: $0.1) } }

    /// Sorted; HEAD goes with GET. Empty if no route has this path.
    func of(_ path: String) -> [String] {
        let components = path.split(separator: "/")
        var names = Set(routes.filter { Self.matches($0.path, components) }.map(\.method.rawValue))
        if names.contains("GET") { names.insert("HEAD") }
        return names.sorted()
    }

    private static func matches(_ path: RouterPath, _ components: [Substring]) -> Bool {
        var index = 0
        for element in path.components {
            if element == RouterPath.Element.recursiveWildcard { return true }
            guard index < components.count, element ~= components[index] else { return false }
            index += 1
        }
        return index == components.count
    }
}
