// Checks what no single value can know: references, graphs, ports, prompts.

internal import Basics
internal import IVR

/// Goes over a configuration that was read and adds findings.
struct Checker {
    let configuration: SiteConfiguration
    let folder: String
    var reading: Reading

    mutating func checkAll() {
        checkListeners()
        checkNumbers()
        checkAgents()
        checkQueues()
        for flow in configuration.flows { check(flow) }
    }
}
