// A worker with nothing but a clock: timers of a page in the background are slowed down, those of a worker are not.

setInterval(() => postMessage('beat'), 5000)
