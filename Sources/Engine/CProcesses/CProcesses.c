#define _GNU_SOURCE
#include "CProcesses.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { MOST_DESCRIPTORS = 16 };

int etude_send_descriptors(int socket, const int *descriptors, int count) {
    if (count < 1 || count > MOST_DESCRIPTORS) return EINVAL;
    char byte = 0;
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int[MOST_DESCRIPTORS]))]; } control;
    memset(&control, 0, sizeof control);
    struct iovec data = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)count);
    while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

int etude_receive(int socket, char *text, int size, int descriptors[2]) {
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int[2]))]; } control;
    struct iovec data = {text, (size_t)size};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    descriptors[0] = descriptors[1] = -1;
    ssize_t count;
    while ((count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {}
    if (count < 0) return -errno;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
        memcpy(descriptors, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
    return (int)count;
}
