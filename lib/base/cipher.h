/* Bytes made unreadable without their key, for images that an erasure must reach at once.
 *
 * XChaCha20 (libsodium): the same call hides and shows. It hides; it does not vouch for anything.
 */
#ifndef KUNDIG_BASE_CIPHER_H
#define KUNDIG_BASE_CIPHER_H

#include <stddef.h>
#include <stdint.h>

#define KUNDIG__CIPHER_KEY_SIZE 32

/* data is changed in place. One key and one number hide one piece only. */
void kundig__cipher(const uint8_t key[KUNDIG__CIPHER_KEY_SIZE], uint64_t number, void *data,
                    size_t size);

#endif
