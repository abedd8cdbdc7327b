// A voice message for who has no recording at hand: three seconds of a quiet tone, as a sound file.

export const SECONDS = 3;
const RATE = 8000;
const PITCH = 220;
const LOUDNESS = 4000;
const HEADER = 44;

/** Give the tone. */
export function tone() {
  const samples = RATE * SECONDS;
  const wave = new DataView(new ArrayBuffer(HEADER + samples * 2));
  writeHeader(wave, samples * 2);
  for (let at = 0; at < samples; at += 1) {
    wave.setInt16(HEADER + at * 2, LOUDNESS * Math.sin((2 * Math.PI * PITCH * at) / RATE), true);
  }
  return new File([wave], "voice.oga", { type: "audio/ogg" });
}

// RIFF WAVE, PCM, one channel of 16 bits
function writeHeader(wave, bytes) {
  const word = (at, letters) => [...letters].forEach((letter, place) => wave.setUint8(at + place, letter.charCodeAt(0)));
  word(0, "RIFF");
  wave.setUint32(4, HEADER - 8 + bytes, true);
  word(8, "WAVEfmt ");
  wave.setUint32(16, 16, true);
  wave.setUint16(20, 1, true);
  wave.setUint16(22, 1, true);
  wave.setUint32(24, RATE, true);
  wave.setUint32(28, RATE * 2, true);
  wave.setUint16(32, 2, true);
  wave.setUint16(34, 16, true);
  word(36, "data");
  wave.setUint32(40, bytes, true);
}
