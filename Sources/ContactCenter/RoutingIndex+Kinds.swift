// How many wait for work of each kind.

import ACD
import Basics

extension RoutingIndex {
    /// Follows whether the contact counts among those that wait.
    ///
    /// - Parameter kind: its place; nil: it does not count.
    mutating func count(_ id: ContactID, forKindAt kind: Int?) {
        guard kind != nil || !counted.isEmpty else { return }
        let old = counted[id]
        guard old != kind else { return }
        for (place, change) in [(old, -1), (kind, 1)] {
            guard let place, waitingByKind.indices.contains(place) else { continue }
            waitingByKind[place] += change
            kindsToStep.append(place)
        }
        counted[id] = kind
    }
}
