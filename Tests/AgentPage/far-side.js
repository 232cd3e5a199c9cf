// The other end of the agent's audio, in place of the daemon: answers each offer, plays 880 Hz, and tells what it hears.

const socket = new WebSocket(`ws://${location.host}/test/far-side`)
const context = new AudioContext()
let peer = null, analyser = null

socket.onmessage = async event => {
  const { id, sdp } = JSON.parse(event.data)
  // A new ufrag on the connection at hand is an ICE restart; here every offer gets a new connection, which the page must bear.
  peer?.close()
  const one = peer = new RTCPeerConnection()
  one.ontrack = ({ streams }) => hear(streams[0])
  one.onconnectionstatechange = () => tell(one)
  const tone = context.createOscillator(), target = context.createMediaStreamDestination(), volume = context.createGain()
  tone.frequency.value = 880
  volume.gain.value = 0.25
  tone.connect(volume).connect(target)
  tone.start()
  await one.setRemoteDescription({ type: 'offer', sdp })
  one.addTrack(target.stream.getAudioTracks()[0], target.stream)
  await one.setLocalDescription()
  // The whole answer in one frame, with its candidates, as the daemon does it.
  await new Promise(resolve => {
    if (one.iceGatheringState === 'complete') return resolve()
    one.onicegatheringstatechange = () => { if (one.iceGatheringState === 'complete') resolve() }
  })
  if (peer === one) socket.send(JSON.stringify({ type: 'answer', id, sdp: one.localDescription.sdp }))
}

function hear(stream) {
  // Chromium hands a remote track to Web Audio only if an element plays it as well.
  const element = new Audio()
  element.muted = true
  element.srcObject = stream
  element.play()
  analyser = context.createAnalyser()
  analyser.fftSize = 2048
  context.createMediaStreamSource(stream).connect(analyser)
}

function tell(one) {
  if (peer !== one || socket.readyState !== WebSocket.OPEN) return
  socket.send(JSON.stringify({ type: 'state', connected: one.connectionState === 'connected', level: level() }))
}

function level() {
  if (!analyser) return 0
  const samples = new Float32Array(analyser.fftSize)
  analyser.getFloatTimeDomainData(samples)
  return Math.max(...samples.map(Math.abs))
}

document.addEventListener('click', () => context.resume())
setInterval(() => { if (peer) tell(peer) }, 200)
