// Compares two steps of a flow key by key.

internal import IVR

extension Action {
    /// What differs, as the admin writes it. The announcements are those of recorded transfers.
    func difference(to new: Action, announced before: String?, _ after: String?) -> [Change.Kind] {
        switch (self, new) {
        case (.menu(let a), .menu(let b)): Self.difference(MenuSettings.schema, MenuSettings(of: a), MenuSettings(of: b))
        case (.play(let a), .play(let b)): Self.difference(Play.schema, a, b)
        case (.collect(let a), .collect(let b)): Self.difference(Collect.schema, a, b)
        case (.queue(let a), .queue(let b)): Self.difference(EnterQueue.schema, a, b)
        case (.hours(let a), .hours(let b)): Self.difference(CheckHours.schema, a, b)
        case (.set(let a), .set(let b)): Self.difference(SetAttribute.schema, a, b)
        case (.branch(let a), .branch(let b)): Self.difference(Branch.schema, a, b)
        case (.split(let a), .split(let b)):
            Self.difference(SplitSettings.schema, SplitSettings(of: a), SplitSettings(of: b))
        case (.voicemail(let a), .voicemail(let b)): Self.difference(Voicemail.schema, a, b)
        case (.transfer(let a), .transfer(let b)):
            Self.difference(
                TransferSettings.schema, TransferSettings(transfer: a, recordAnnouncement: before),
                TransferSettings(transfer: b, recordAnnouncement: after))
        case (.hangUp(let a), .hangUp(let b)): Self.difference(HangUp.schema, a, b)
        case (.menu, _), (.play, _), (.collect, _), (.queue, _), (.hours, _), (.set, _), (.branch, _), (.split, _),
            (.voicemail, _), (.transfer, _), (.hangUp, _):
            [.changed(setting: "do", from: kind.rawValue, to: new.kind.rawValue)]
        }
    }

    private static func difference<T>(_ schema: Schema<T>, _ old: T, _ new: T) -> [Change.Kind] {
        schema.fields.compactMap { field in
            let (before, after) = (field.write(old), field.write(new))
            return before == after ? nil : .changed(setting: field.name, from: before, to: after)
        }
    }

    private var kind: FlowSettings.Kind {
        switch self {
        case .menu: .menu
        case .play: .play
        case .collect: .collect
        case .queue: .queue
        case .hours: .hours
        case .set: .set
        case .branch: .branch
        case .split: .split
        case .voicemail: .voicemail
        case .transfer: .transfer
        case .hangUp: .hangUp
        }
    }
}

extension MenuSettings {
    init(of menu: Menu) {
        self.init(menu: menu, optOut: menu.choices.first(where: \.isOptOut)?.key)
    }
}
