/* Growing byte buffer of the generator. The caller owns it and frees it with text_release;
 * running out of memory ends the program with a message, because a generator has nothing to save.
 */
#ifndef GENERATOR_TEXT_BUFFER_H
#define GENERATOR_TEXT_BUFFER_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    char *data;
    size_t length;
    size_t capacity;
};

void die(const char *message, const char *subject) __attribute__((noreturn));
void *allocate(size_t count, size_t size); /* zeroed */
void text_reserve(struct text *text, size_t more);
void text_release(struct text *text);
void text_print(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_number(struct text *text, uint64_t number);
/* JSON string body without quotes; ascii writes everything above 7 bits as \uXXXX */
void text_add_json(struct text *text, const char *bytes, size_t length, int ascii);
/* The JSON body of a text as Twitter and Reddit deliver it: & < > as HTML entities */
void text_add_html_json(struct text *text, const char *bytes, size_t length, int ascii);
void text_add_csv(struct text *text, const char *bytes, size_t length); /* with quotes */

static inline void text_add(struct text *text, const char *bytes, size_t length) {
    if (!length)
        return;
    if (text->capacity - text->length < length)
        text_reserve(text, length);
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
}
static inline void text_add_string(struct text *text, const char *string) {
    text_add(text, string, strlen(string));
}
static inline void text_add_char(struct text *text, char c) {
    if (text->capacity == text->length)
        text_reserve(text, 1);
    text->data[text->length++] = c;
}
#endif
