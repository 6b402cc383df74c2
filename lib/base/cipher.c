/* The cipher; with hash.c and os.c the only file that knows libsodium. Cost: about 1 ns a byte. */
#include "base/cipher.h"

#include <sodium.h>

void kundig__cipher(const uint8_t key[KUNDIG__CIPHER_KEY_SIZE], uint64_t number, void *data,
                    size_t size)
{
    unsigned char nonce[crypto_stream_xchacha20_NONCEBYTES] = {0};
    for (unsigned i = 0; i < 8; i++) {
        nonce[i] = (unsigned char)(number >> (8 * i));
    }
    if (size) {
        crypto_stream_xchacha20_xor(data, data, size, nonce, key);
    }
}
