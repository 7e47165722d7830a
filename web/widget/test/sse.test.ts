import { describe, expect, it } from 'vitest';
import { SseParser, type StreamEvent } from '../src/sse';

function parse(pieces: string[]): { events: StreamEvent[]; retries: number[] } {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const parser = new SseParser({
    event: (event) => events.push(event),
    retry: (delayMs) => retries.push(delayMs),
  });
  for (const piece of pieces) parser.push(piece);
  return { events, retries };
}

/** A small generator of numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const STREAM =
  'retry: 2317\n\n: hello\n\nid: 1f.42\nevent: snapshot\ndata: {"a":"ü:\u2028 b"}\n\n' +
  'event:delta\nid: 1f.43\ndata:one\ndata: two\n\nevent: ping\ndata: {}\n\nid: lost\ndata: unfinished\n';

describe('the stream parser', () => {
  it('reads names, ids, several data lines, comments and the retry time', () => {
    const { events, retries } = parse([STREAM]);

    expect(retries).toEqual([2317]);
    expect(events).toEqual([
      { name: 'snapshot', data: '{"a":"ü:\u2028 b"}', id: '1f.42' },
      { name: 'delta', data: 'one\ntwo', id: '1f.43' },
      { name: 'ping', data: '{}', id: '1f.43' },
    ]);
  });

  it('reads the same however the stream is cut and whatever ends its lines', () => {
    const wanted = parse([STREAM]);
    const next = numbers(7);

    for (let round = 0; round < 600; round += 1) {
      const ends = ['\n', '\r\n', '\r'];
      const isMixed = round % 4 === 3;
      const text = STREAM.replace(/\n/g, () => ends[isMixed ? next(3) : round % 4] as string);
      const isAmbiguous = isMixed && /\r\n/.test(text);
      const pieces: string[] = [];
      for (let at = 0; at < text.length; ) {
        const size = round % 5 ? 1 + next(9) : 1;
        pieces.push(text.slice(at, at + size), '');
        at += size;
      }
      // A CR that a blank LF line follows is one end of a line, so mixed ends may join lines.
      expect(parse(pieces)).toEqual(isAmbiguous ? parse([text]) : wanted);
    }
  });

  it('survives anything', () => {
    const next = numbers(11);
    const alphabet = [
      'data',
      'id',
      'event',
      'retry',
      ':',
      ' ',
      '\n',
      '\r',
      '\0',
      'x',
      '\uFEFF',
      '7',
    ];

    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: next(60) }, () => alphabet[next(alphabet.length)]).join('');
      const whole = parse([text]);

      expect(parse([...text])).toEqual(whole);
    }
  });

  it('gives no event without data, keeps the id, and leaves odd fields out', () => {
    const { events, retries } = parse([
      'id: 1\nevent: x\n\nretry: soon\nid: a\0b\nfoo: 1\ndata\n\n',
    ]);

    expect(events).toEqual([{ name: 'message', data: '', id: '1' }]);
    expect(retries).toEqual([]);
  });

  it('refuses a line without end', () => {
    expect(() => parse(['data: ', 'x'.repeat(9 << 20)])).toThrow('line too long');
  });
});
