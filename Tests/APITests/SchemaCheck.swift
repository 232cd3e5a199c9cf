// Whether an answer is what the OpenAPI document says of it.

import Foundation

/// As much of JSON Schema as our documents use, and stricter: a member that the schema does not know is a fault.
struct SchemaCheck {
    let document: [String: Any]

    /// The schema of the JSON answer of a route; nil if there is none.
    func answerSchema(_ method: String, _ path: String, _ status: String = "200") -> Any? {
        let operation = (document["paths"] as? [String: Any])?[path] as? [String: Any]
        let responses = (operation?[method] as? [String: Any])?["responses"] as? [String: Any]
        let content = (responses?[status] as? [String: Any])?["content"] as? [String: Any]
        return (content?["application/json"] as? [String: Any])?["schema"]
    }

    func faults(_ value: Any, _ schema: Any?, at path: String = "") -> [String] {
        guard let schema = schema as? [String: Any] else { return ["\(path): no schema"] }
        if let reference = schema["$ref"] as? String {
            let name = reference.replacing("#/components/schemas/", with: "")
            let schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: Any]
            return faults(value, schemas?[name], at: path)
        }
        if let choices = schema["anyOf"] as? [Any] {
            let tried = choices.map { faults(value, $0, at: path) }
            return tried.contains { $0.isEmpty } ? [] : tried.first ?? []
        }
        let types = schema["type"] as? [String] ?? [schema["type"] as? String ?? "missing"]
        guard let type = types.first(where: { Self.fits(value, $0) }) else { return ["\(path): \(value) is not of \(types)"] }
        if let words = schema["enum"] as? [Any], !words.contains(where: { "\($0)" == "\(value)" }) {
            return ["\(path): \(value) is not one of \(words)"]
        }
        if let format = schema["format"] as? String, format == "date-time", let text = value as? String,
            text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z/) == nil
        {
            return ["\(path): \(text) is no time"]
        }
        switch type {
        case "array": return (value as? [Any] ?? []).flatMap { faults($0, schema["items"], at: path + "/0") }
        case "object": return faultsOfObject(value as? [String: Any] ?? [:], schema, path)
        default: return []
        }
    }

    private func faultsOfObject(_ object: [String: Any], _ schema: [String: Any], _ path: String) -> [String] {
        guard let properties = schema["properties"] as? [String: Any] else { return [] }
        let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(path)/\($0): missing" }
        return missing
            + object.flatMap { name, value in
                properties[name] == nil ? ["\(path)/\(name): unknown"] : faults(value, properties[name], at: "\(path)/\(name)")
            }
    }

    private static func fits(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "string": value is String
        case "boolean": isBoolean(value)
        case "integer": !isBoolean(value) && (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "number": !isBoolean(value) && value is NSNumber
        case "array": value is [Any]
        case "object": value is [String: Any]
        default: false
        }
    }

    private static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { "\($0.objCType.pointee)" == "99" } ?? false
    }
}
