// Recording: the packet path copies, a worker writes, another makes the file.

internal import Audio
public import Basics
internal import CLoop
internal import Glibc
internal import MainLoop

extension MediaPlane {
    /// Recordings that wait for another try.
    private static let failedRecordingsMax = 10_000
    private static let mark = RecordingFormat.Frame(track: .caller, law: .mu, timestamp: 0, source: 0)

    /// Records what comes in on `caller` (track 0) and on `agent` (track 1) to a file in `folder`, which must exist. It is on
    /// disk up to the last second at any time; after `stopRecording` the WAV file is made and `recordingSaved` reported.
    /// If the disk fails, `recordingFailed` is reported and the call goes on. A leg feeds one recording: from another one
    /// that it feeds until now it is taken away for good.
    ///
    /// With `recordingKeys` the files are sealed, under the key of that name; nil: under the current one. Without such a key
    /// the recording fails.
    public func startRecording(
        _ id: RecordingID, into folder: String, caller: LegID, agent: LegID? = nil, keyName: String? = nil
    ) throws(MediaError) {
        guard place(of: id) == nil else { throw .recordingExists(id) }
        guard slotOf[caller] != nil else { throw .unknownLeg(caller) }
        guard let place = jobs.firstIndex(where: { $0 == nil }) else {
            throw .tooManyRecordings(max: settings.recordingsMax)
        }
        let now = cloop_now()
        let writer = RecordingWriter(
            path: "\(folder)/recording-\(id).\(RecordingFormat.runningExtension)", sealing: sealing(for: keyName))
        let job = RecordingJob(id: id, writer: writer)
        jobs[place] = job
        recordings[place] = RecordingSlot()
        recordings[place].isActive = true
        recordings[place].started = now
        recordings[place].buffer = .allocate(byteCount: RecordingSlot.bufferBytes, alignment: 16)
        feed(job, at: place, from: caller, .caller)
        if let agent { feed(job, at: place, from: agent, .agent) }
        let head = RecordingFormat.head(id: id.rawValue, started: wallOffset + Int64(now / 1000))
        job.chunksUnderway += 1
        writeQueue.run {
            () -> RecordingFailure? in
            do throws(RecordingFailure) {
                try writer.open(head: head)
                return nil
            } catch { return error }
        } then: {
            self.written(id, failure: $0)
        }
        startBeating()
    }

    /// What the finished file of a recording that begins now is going to be called.
    public func fileName(of id: RecordingID) -> String {
        let isSealed = recordingKeys != nil && sealsRecordings
        return "recording-\(id).\(RecordingFormat.finishedExtension(isSealed: isSealed))"
    }

    private func sealing(for keyName: String?) -> RecordingWriter.Sealing {
        if recordingKeys == nil, requiresKey { return .missing(name: keyName ?? "") }
        guard let recordingKeys, sealsRecordings || keyName != nil else { return keyName.map { .missing(name: $0) } ?? .plain }
        return recordingKeys.sealing(for: keyName).map { .key($0) } ?? .missing(name: keyName ?? "")
    }

    /// Who is recorded beside the caller from now on, and on which track: from 1, and the same party always on the same one.
    /// Whoever isn't named any more is recorded no more; a leg that is gone is passed over.
    public func record(_ parties: [(leg: LegID, track: Int)], on id: RecordingID) throws(MediaError) {
        guard let place = place(of: id), let job = jobs[place] else { throw .unknownRecording(id) }
        for slot in job.others where !parties.contains(where: { slotOf[$0.leg] == slot }) { stopFeeding(slot) }
        for (leg, track) in parties where slotOf[leg] != job.caller {
            feed(job, at: place, from: leg, RecordingFormat.Track(max(1, track)))
        }
    }

    /// Nothing is recorded until `resumeRecording`; the file has silence there and keeps its time line.
    public func pauseRecording(_ id: RecordingID) throws(MediaError) { try setPaused(id, true) }
    public func resumeRecording(_ id: RecordingID) throws(MediaError) { try setPaused(id, false) }

    private func setPaused(_ id: RecordingID, _ isPaused: Bool) throws(MediaError) {
        guard let place = place(of: id) else { throw .unknownRecording(id) }
        guard recordings[place].isPaused != isPaused else { return }
        recordings[place].isPaused = isPaused
        _ = recordings[place].append(isPaused ? .pause : .resume, Self.mark, nil, count: 0, at: cloop_now())
    }

    /// Ends the recording; `recordingSaved` or `recordingFailed` follows. One that does not run is passed over: it may
    /// have failed a moment ago.
    public func stopRecording(_ id: RecordingID) {
        guard let place = place(of: id), let job = jobs[place] else { return }
        if !recordings[place].append(.end, Self.mark, nil, count: 0, at: cloop_now()) {
            flush([place])
            guard jobs[place] != nil else { return }
            _ = recordings[place].append(.end, Self.mark, nil, count: 0, at: cloop_now())
        }
        let last = RecordingChunk(id: id, writer: job.writer, bytes: drain(place), isLast: true)
        end(place, job)
        writeQueue.run {
            let failure = last.write()
            return (failure, last.writer.close())
        } then: { (failure: RecordingFailure?, isReadable) in
            guard let failure else { return self.save(id, path: last.writer.path) }
            self.post(.recordingFailed(id, reason: failure.description))
            if isReadable { self.keepForRetry(id, last.writer.path) }
        }
    }

    /// To be called when what `recordingSaved` said is noted where it outlives the process.
    public func removeSource(_ path: String) {
        mixQueue.run {
            _ = unlink(path)
        } then: { _ in
        }
    }

    /// Makes files of what recordings that failed have left on the disk, now that it can be written again;
    /// `recordingSaved` follows for each that succeeds.
    public func retryRecordings() {
        let again = failedRecordings
        failedRecordings = []
        for recording in again { save(recording.id, path: recording.path, isRetry: true) }
    }

    /// Makes files of what a crash left in `folder`; `recordingSaved` or `recordingFailed` follows for each.
    /// Only at the start, before recordings run there.
    public func rescueRecordings(in folder: String) {
        mixQueue.run {
            RecordingRescue.unfinished(in: folder)
        } then: { paths in
            for path in paths {
                let digits = path.split(separator: "/").last?.filter(\.isNumber) ?? ""
                self.save(RecordingID(rawValue: UInt64(digits) ?? 0), path: path)
            }
        }
    }

    private func save(_ id: RecordingID, path: String, isRetry: Bool = false) {
        let keys = recordingKeys, seals = sealsRecordings
        mixQueue.run {
            () -> Result<RecordingRescue.Saved, RecordingFailure> in
            do throws(RecordingFailure) {
                return .success(try RecordingRescue.rescue(path, keys: keys, seals: seals))
            } catch { return .failure(error) }
        } then: { result in
            switch result {
            case .success(let saved):
                self.post(.recordingSaved(saved.id, path: saved.path, source: path, seconds: saved.seconds))
            case .failure(let failure):
                if !isRetry { self.post(.recordingFailed(id, reason: failure.description)) }
                if case .disk = failure { self.keepForRetry(id, path) }
            }
        }
    }

    /// The next start finds those for which there is no place.
    private func keepForRetry(_ id: RecordingID, _ path: String) {
        if failedRecordings.count < Self.failedRecordingsMax { failedRecordings.append((id, path)) }
    }

    // MARK: Legs

    private func place(of id: RecordingID) -> Int? { jobs.firstIndex { $0?.id == id } }

    private func feed(_ job: RecordingJob, at place: Int, from leg: LegID, _ track: RecordingFormat.Track) {
        guard let slot = slotOf[leg] else { return }
        stopFeeding(slot)
        legs[Int(slot)].recording = Int32(place)
        legs[Int(slot)].track = track
        guard track != .caller else { return job.caller = slot }
        job.others.append(slot)
        // So that there is a channel for those who say nothing, too.
        guard job.tracks.insert(track.number).inserted else { return }
        let mark = RecordingFormat.Frame(track: track, law: .mu, timestamp: 0, source: 0)
        _ = recordings[place].append(.entry, mark, nil, count: 0, at: cloop_now())
    }

    /// The leg in `slot` feeds no recording any more.
    func stopFeeding(_ slot: Int32) {
        let place = Int(legs[Int(slot)].recording)
        guard place >= 0, let job = jobs[place] else { return }
        legs[Int(slot)].recording = -1
        if job.caller == slot { job.caller = -1 }
        job.others.removeAll { $0 == slot }
    }

    // MARK: Disk

    /// A second's worth goes to the worker; recordings take turns, those of one beat go together.
    func flushRecordings(beat: Int) {
        let places = jobs.indices.filter { place in
            guard jobs[place] != nil, recordings[place].used > 0 else { return false }
            return place % Self.beatsPerSurvey == beat || recordings[place].used > RecordingSlot.bufferBytes / 2
        }
        if !places.isEmpty { flush(places) }
    }

    private func flush(_ places: [Int]) {
        var chunks: [RecordingChunk] = []
        for place in places {
            guard let job = jobs[place] else { continue }
            guard job.chunksUnderway < RecordingJob.chunksMax else {
                fail(place, job, .diskTooSlow)
                continue
            }
            job.chunksUnderway += 1
            chunks.append(RecordingChunk(id: job.id, writer: job.writer, bytes: drain(place)))
        }
        let batch = chunks
        writeQueue.run {
            batch.map { ($0.id, $0.write()) }
        } then: { results in
            for (id, failure) in results { self.written(id, failure: failure) }
        }
    }

    private func drain(_ place: Int) -> [UInt8] {
        defer { recordings[place].used = 0 }
        guard let buffer = recordings[place].buffer else { return [] }
        return Array(UnsafeRawBufferPointer(start: buffer, count: recordings[place].used))
    }

    private func written(_ id: RecordingID, failure: RecordingFailure?) {
        guard let place = place(of: id), let job = jobs[place] else { return }
        job.chunksUnderway -= 1
        if let failure { fail(place, job, failure) }
    }

    private func fail(_ place: Int, _ job: RecordingJob, _ failure: RecordingFailure) {
        end(place, job)
        let id = job.id, writer = job.writer
        writeQueue.run {
            writer.close()
        } then: { isReadable in
            if isReadable { self.keepForRetry(id, writer.path) }
        }
        post(.recordingFailed(id, reason: failure.description))
    }

    private func end(_ place: Int, _ job: RecordingJob) {
        if job.caller >= 0 { legs[Int(job.caller)].silenceSeconds = 0 }
        for slot in [job.caller] + job.others where slot >= 0 { stopFeeding(slot) }
        recordings[place].buffer?.deallocate()
        recordings[place] = RecordingSlot()
        jobs[place] = nil
    }
}
