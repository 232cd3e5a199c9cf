// Who meets what the queues require: said to an admin before anybody calls.

internal import ACD
public import Basics
internal import ContactCenter

extension SiteConfiguration {
    /// A line for each step of each queue that requires something; of a configuration without errors.
    public func dryRun(now: Instant) -> [String] {
        var center = Center()
        var commands: [Command] = []
        center.handle(.configurationApplied(compile(now: now)), at: now, into: &commands)
        return queues.flatMap { queue -> [String] in
            guard !queue.require.isEmpty else { return [] }
            return zip(queue.require, center.staffing(of: queue.id)).enumerated().map { place, step in
                let (written, staffing) = step
                let who =
                    staffing.step.requirement.attributes.isEmpty
                    ? "\(staffing.members) of \(queue.rules.members.count) members" : "depends on the contact"
                return "queue `\(queue.id)`, step \(place + 1) (\(Value<RequireSettings>.requireStep.write(written))): \(who)"
            }
        }
    }
}
