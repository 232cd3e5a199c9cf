// A transfer to an outside number as an admin writes it.

internal import Basics
internal import IVR

/// A transfer with the announcement that its recording needs.
struct TransferSettings {
    var transfer = Transfer(trunk: "", number: "", otherwise: "")
    var recordAnnouncement: String?

    /// The transfer itself, behind a node that announces the recording if there is one.
    func nodes(id: NodeID, at path: Path, _ reading: inout Reading) -> [Node] {
        guard transfer.record else {
            if recordAnnouncement != nil {
                reading.warning(
                    "`\(id)` has an announcement but is not recorded", at: path / "record_announcement",
                    mend: "write `record: true`, or remove the announcement")
            }
            return [Node(id: id, action: .transfer(transfer))]
        }
        guard let recordAnnouncement else {
            reading.error(
                "`\(id)` records without an announcement", at: path,
                mend: "add `record_announcement:` with what callers are told")
            return [Node(id: id, action: .transfer(transfer))]
        }
        let connect = NodeID(id.rawValue + FlowSettings.announcedSuffix)
        return [
            Node(id: id, action: .play(Play(prompts: [.text(recordAnnouncement)], next: connect))),
            Node(id: connect, action: .transfer(transfer)),
        ]
    }

    static var schema: Schema<TransferSettings> {
        Schema(
            "a transfer",
            [
                Field("trunk", \.transfer.trunk, .reference, required: true),
                Field("number", \.transfer.number, .number, required: true),
                Field("ring_seconds", \.transfer.ringSeconds, .integer(5...300)),
                Field("record", \.transfer.record, .flag),
                Field("record_announcement", \.recordAnnouncement, .text()),
                Field("otherwise", \.transfer.otherwise, .reference, required: true),
            ])
    }
}
