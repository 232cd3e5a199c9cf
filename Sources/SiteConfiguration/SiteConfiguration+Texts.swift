// What has to be ready to be heard before a configuration is applied.

internal import ACD
internal import IVR

extension SiteConfiguration {
    /// Every text that the speech synthesiser has to render when the configuration is loaded, each once.
    public var allTexts: [String] { unique(texts) }

    /// Every WAV file below `prompts/` that is played, each once.
    public var allPromptFiles: [String] {
        unique(queues.compactMap(\.rules.music) + prompts.compactMap { if case .file(let name) = $0 { name } else { nil } })
    }

    private var texts: [String] {
        prompts.compactMap { if case .text(let text) = $0 { text } else { nil } }
            + numbers.compactMap { $0.record ? $0.recordAnnouncement : nil }
            + queues.compactMap { $0.record ? $0.recordAnnouncement : nil } + site.phrases.allTexts
            + queues.compactMap { $0.rules.callback?.key.map(site.phrases.text(forCallbackKey:)) }
            + queues.compactMap { $0.rules.callback?.confirmKey.map(site.phrases.text(forConfirmKey:)) }
    }

    private var prompts: [Prompt] { flows.flatMap(\.nodes).flatMap(\.action.prompts) }

    private func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

extension Action {
    /// What is played at this step.
    var prompts: [Prompt] {
        switch self {
        case .menu(let menu): [menu.prompt, menu.wrongKey, menu.noKey].compactMap(\.self)
        case .play(let play): play.prompts
        case .collect(let collect): [collect.prompt]
        case .voicemail(let voicemail): [voicemail.prompt]
        case .hangUp(let hangUp): hangUp.prompt.map { [$0] } ?? []
        case .queue, .hours, .set, .branch, .split, .transfer: []
        }
    }
}
