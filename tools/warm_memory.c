/* Reads a byte of every page that is there, part by part: see warm_memory.py. */
#include <stddef.h>
#include <sys/mman.h>

enum { PAGE = 4096, MOST_PAGES = 1 << 17 };

volatile unsigned long warm_sink;

void warm_pass(const unsigned long *bounds, int parts)
{
    static unsigned char there[MOST_PAGES];
    for (int part = 0; part < parts; part++) {
        unsigned long begin = bounds[2 * part], end = bounds[2 * part + 1];
        size_t pages = (end - begin) / PAGE;
        /* What has gone meanwhile is not touched. */
        if (pages > MOST_PAGES || mincore((void *)begin, end - begin, there))
            continue;
        for (size_t page = 0; page < pages; page++)
            if (there[page] & 1)
                warm_sink += *(volatile unsigned char *)(begin + page * PAGE);
    }
}
