import { request } from 'node:https';

/** Whether a GET is answered with 200. The server's certificate is its own, made at its start: nothing secret is sent, so nothing is checked. */
export function answersOkOverTls(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { rejectUnauthorized: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 2 s')));
    asked.on('error', reject);
    asked.end();
  });
}
