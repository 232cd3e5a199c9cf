// What the rules' announcements sound like: sentences, WAV files, tones and music as clips.

internal import Audio
internal import Basics
internal import ContactCenter
internal import Foundation
internal import IVR
internal import Logging
internal import MainLoop
internal import SiteConfiguration
internal import Speech

/// Clips by announcement. What the speech synthesiser has to say is asked for when it is not ready.
final class PromptLibrary {
    /// Clips of spoken sentences kept ready; beyond it they are made anew from the speech cache's samples.
    static let sentencesMax = 2000

    let speech: SpeechCache
    private let logger: Logger
    private let worker = WorkerQueue(label: "prompts")
    private var phrases = Phrases()
    private(set) var sentences: [String: AudioClip] = [:]
    private var files: [String: AudioClip] = [:]
    private var music: AudioClip?
    /// What is being read or made on the worker: the built-in music, and the files of a configuration.
    private var loading = 1
    /// Who wants to hear something of that; one for each leg at most counts, the others have been given up.
    private var waiting: [() -> Void] = []
    private let ringback = Tone.ringback.clip
    private let beep = Tone.beep.clip

    init(speech: SpeechCache, logger: Logger) {
        self.speech = speech
        self.logger = logger
        worker.run(
            { HoldMusic.clip() },
            then: {
                self.music = $0
                self.loaded()
            })
    }

    private func loaded() {
        loading -= 1
        guard loading == 0 else { return }
        let ready = waiting
        waiting = []
        for act in ready { act() }
    }

    /// Gets everything ready that a configuration may want to be heard; sentences that are missing meanwhile are rendered
    /// when a call asks for them.
    func prepare(_ configuration: SiteConfiguration, folder: String, then: @escaping () -> Void = {}) {
        phrases = configuration.site.phrases
        let names = configuration.allPromptFiles
        loading += 1
        worker.run(
            {
                names.map { name -> (String, Result<AudioClip, any Error>) in
                    (
                        name,
                        Result {
                            try AudioClip(wav: [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/prompts/" + name))))
                        }
                    )
                }
            },
            then: { loaded in
                for (name, clip) in loaded {
                    switch clip {
                    case .success(let clip): self.files[name] = clip
                    case .failure(let error):
                        self.logger.error("prompt file unreadable", metadata: ["file": "\(name)", "reason": "\(error)"])
                    }
                }
                self.loaded()
            })
        let texts = configuration.allTexts + Phrase.allCases.map(text(of:)) + WaitRange.all.map(phrases.text(for:))
        speech.prepare(texts) { failures in
            for failure in failures { self.logger.error("speech failed", metadata: ["reason": "\(failure)"]) }
            self.makeClips(of: texts, then: then)
        }
    }

    /// Encoding a sentence takes longer than the loop may be held.
    private func makeClips(of texts: [String], then: @escaping () -> Void) {
        let spoken = texts.compactMap { text in speech.samples(for: text).map { (text, $0) } }
        worker.run(
            { spoken.map { ($0.0, AudioClip(samples: $0.1)) } },
            then: { clips in
                // What an earlier configuration said is not kept beside; a call that still wants it has it rendered.
                self.sentences = Dictionary(clips.prefix(Self.sentencesMax), uniquingKeysWith: { first, _ in first })
                then()
            })
    }

    /// Hands over the clips in order, at once if all of them are ready. What cannot be had is left out: a caller hears too
    /// little rather than nothing at all.
    func clips(for announcements: [Announcement], then: @escaping ([AudioClip]) -> Void) {
        // The first call may come before the first file is read; music that is not there yet would end at once.
        if loading > 0, announcements.contains(where: isMissing) {
            return waiting.append { self.clips(for: announcements, then: then) }
        }
        var clips = [AudioClip?](repeating: nil, count: announcements.count)
        var missing: [(Int, String)] = []
        for (index, announcement) in announcements.enumerated() {
            switch source(of: announcement) {
            case .clip(let clip): clips[index] = clip
            case .text(let text):
                if let clip = sentences[text] { clips[index] = clip } else { missing.append((index, text)) }
            }
        }
        guard !missing.isEmpty else { return then(clips.compactMap(\.self)) }
        var left = missing.count
        for (index, text) in missing {
            say(text) { clip in
                clips[index] = clip
                left -= 1
                if left == 0 { then(clips.compactMap(\.self)) }
            }
        }
    }

    // MARK: Announcements

    private enum Source {
        case clip(AudioClip?)
        case text(String)
    }

    private func isMissing(_ announcement: Announcement) -> Bool {
        switch announcement {
        case .prompt(.file(let name)), .music(let name?): files[name] == nil
        case .music(nil): music == nil
        case .prompt(.text), .position, .expectedWait, .phrase, .callbackOffer, .callbackConfirm, .beep, .ringback: false
        }
    }

    private func source(of announcement: Announcement) -> Source {
        switch announcement {
        case .prompt(.text(let text)): .text(text)
        case .prompt(.file(let name)): .clip(files[name])
        case .music(let name): .clip(name.flatMap { files[$0] } ?? music)
        case .position(let position): .text(phrases.text(forPosition: position))
        case .expectedWait(let range): .text(phrases.text(for: range))
        case .phrase(let phrase): .text(text(of: phrase))
        case .callbackOffer(let key): .text(phrases.text(forCallbackKey: key))
        case .callbackConfirm(let key): .text(phrases.text(forConfirmKey: key))
        case .beep: .clip(beep)
        case .ringback: .clip(ringback)
        }
    }

    private func text(of phrase: Phrase) -> String {
        switch phrase {
        case .goodbye: phrases.goodbye
        case .nowAvailable: "You are available."
        case .nowOffline: "You are signed out."
        case .nowPaused: "You are on a break."
        case .unknownCode: "There is no such code."
        case .callbackPromised: phrases.callbackPromised
        case .callbackGreeting: phrases.callbackGreeting
        case .technicalDifficulty: "We have a technical difficulty. Please call again later."
        }
    }

    /// Renders a sentence and encodes it, both beside the loop.
    private func say(_ text: String, then: @escaping (AudioClip?) -> Void) {
        speech.request(text) { [self] answer in
            switch answer {
            case .success(let samples):
                worker.run(
                    { AudioClip(samples: samples) },
                    then: { [self] clip in
                        if sentences.count >= Self.sentencesMax { sentences.removeAll() }
                        sentences[text] = clip
                        then(clip)
                    })
            case .failure(let failure):
                logger.error("speech failed", metadata: ["reason": "\(failure)"])
                then(nil)
            }
        }
    }
}
