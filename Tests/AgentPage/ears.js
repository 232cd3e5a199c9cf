// What the page hears: records the caller's voice as the agent gets it, decodes the recording and looks for one tone (Goertzel).
// Needs no running AudioContext, which Firefox does not have on a machine without a sound device.
async seconds => {
  const { Part } = await import('/agent/dom.js')
  const recorder = new MediaRecorder(Part.desk.voice.element.srcObject), parts = []
  recorder.ondataavailable = event => parts.push(event.data)
  const stopped = new Promise(resolve => { recorder.onstop = resolve })
  recorder.start()
  await new Promise(resolve => setTimeout(resolve, seconds * 1000))
  recorder.stop()
  await stopped
  const rate = 48_000
  const sound = await new OfflineAudioContext(1, rate, rate).decodeAudioData(await new Blob(parts).arrayBuffer())
  // The end of it: what came before may be of another moment.
  const samples = sound.getChannelData(0).slice(-rate / 2)
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  if (Math.sqrt(energy / samples.length) < 0.005) return { tone: 0, share: 0, seconds: sound.duration }
  let best = { tone: 0, power: 0 }
  for (let tone = 200; tone <= 2000; tone += 10) {
    const coefficient = 2 * Math.cos(2 * Math.PI * tone / rate)
    let last = 0, before = 0
    for (const sample of samples) [last, before] = [sample + coefficient * last - before, last]
    const power = last * last + before * before - coefficient * last * before
    if (power > best.power) best = { tone, power }
  }
  return { tone: best.tone, share: best.power / (energy * samples.length / 2), seconds: sound.duration }
}
