// Reads a configuration folder and checks everything in it.

internal import Basics
public import Foundation
internal import IVR
internal import Yams

extension SiteConfiguration {
    static let flowsFolder = "flows"
    static let promptsFolder = "prompts"
    static let flowsMax = 200

    /// Reads and checks a configuration folder. Never throws: whatever is wrong is among the findings.
    ///
    /// Reads files and computes nothing slow; takes some milliseconds per hundred entries, so it runs on a worker when the
    /// daemon is up. `stateFolder` stands for the configured one, where secrets are looked for. `now`: whether certificates
    /// are valid is asked for this time.
    public static func load(
        folder: String, stateFolder wantedState: String? = nil, missing: MissingSecrets = .error,
        environment: [String: String] = ProcessInfo.processInfo.environment, now: Date = Date()
    ) -> LoadedConfiguration {
        var reading = Reading(folder: folder)
        var configuration = SiteConfiguration()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            reading.add(
                Finding(
                    .error, at: Position(file: folder), "there is no such folder", mend: "give the configuration folder's path")
            )
            return LoadedConfiguration(
                configuration: configuration, credentials: Credentials(), findings: reading.findings, stateFolder: "")
        }
        for file in ConfigurationFile.all {
            guard let node = YAMLFile.read(file.name, &reading) else { continue }
            file.read(node, Path(file.name), &configuration, &reading)
        }
        configuration.flows = readFlows(&reading)
        findUnknownFiles(&reading)
        let stateFolder = wantedState ?? configuration.stateFolder(besides: folder)
        let secrets = Secrets(stateFolder: stateFolder, environment: environment)
        var checker = Checker(configuration, reading)
        checker.checkAll()
        let credentials = checker.resolve(secrets, missing: missing)
        let certificate = checker.readCertificate(secrets, now: now)
        let findings = checker.reading.findings.enumerated().sorted { a, b in
            a.element.position != b.element.position ? a.element.position < b.element.position : a.offset < b.offset
        }
        return LoadedConfiguration(
            configuration: configuration, credentials: credentials, certificate: certificate,
            findings: findings.map(\.element), stateFolder: stateFolder)
    }

    private static func names(in folder: String, _ reading: Reading) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: reading.file(folder)))?.filter { !$0.hasPrefix(".") }.sorted()
            ?? []
    }

    private static func readFlows(_ reading: inout Reading) -> [Flow] {
        var flows: [Flow] = []
        for file in names(in: flowsFolder, reading) where file.hasSuffix(".yaml") {
            let path = Path("\(flowsFolder)/\(file)")
            let name = String(file.dropLast(".yaml".count))
            guard NameRule.isValid(name) else {
                reading.error("`\(name)` is no name for a flow", at: path, mend: "give the file \(NameRule.expected)")
                continue
            }
            guard flows.count < flowsMax else {
                reading.error("there are more than \(flowsMax) flows", at: path, mend: "put several lines into one flow")
                break
            }
            guard let node = YAMLFile.read(path.file, &reading) else {
                if !reading.unreadable.contains(path.file) {
                    reading.error("the flow is empty", at: path, mend: "add `start:` and `nodes:`, or remove the file")
                    reading.giveUp(on: path.file)
                }
                continue
            }
            var settings = FlowSettings()
            FlowSettings.schema.read(node, at: path, into: &settings, &reading)
            flows.append(Flow(id: FlowID(name), start: settings.start, nodes: settings.nodes))
        }
        return flows
    }

    /// A misspelt file name would otherwise be a silent hole in the configuration.
    private static func findUnknownFiles(_ reading: inout Reading) {
        let known = ConfigurationFile.all.map(\.name) + [flowsFolder, promptsFolder]
        for name in names(in: "", reading) where !known.contains(name) {
            guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") || !name.contains(".") else { continue }
            reading.warning(
                "`\(name)` is not read", at: Path(name), mend: Nearest.mend(for: name, among: known, what: "file"))
        }
        for name in names(in: flowsFolder, reading) where !name.hasSuffix(".yaml") {
            reading.warning("`\(name)` is not read", at: Path("\(flowsFolder)/\(name)"), mend: "flows end in `.yaml`")
        }
    }
}

extension Reading {
    /// The names of the flows whose files could not be read.
    var unreadableFlows: [String] {
        let folder = SiteConfiguration.flowsFolder + "/"
        return unreadable.filter { $0.hasPrefix(folder) }.map { String($0.dropFirst(folder.count).dropLast(".yaml".count)) }
            .sorted()
    }
}
