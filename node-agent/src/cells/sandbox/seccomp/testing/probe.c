/* Makes system calls by number and says how each ended: `probe NUMBER[,ARGUMENT...] ...` prints `NUMBER ERRNO`. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    /* What is not given points nowhere: a call that gets through cannot do much. */
    long args[6] = {-1, -1, -1, -1, -1, -1};
    char *rest = argv[i];
    long number = strtol(rest, &rest, 0);
    for (int n = 0; n < 6 && *rest == ','; n++) args[n] = strtol(rest + 1, &rest, 0);
    fflush(stdout);
    /* In a child: a call may end the process, or split it. */
    pid_t child = fork();
    if (child == 0) {
      errno = 0;
      long result = syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]);
      printf("%ld %d\n", number, result == -1 ? errno : 0);
      fflush(stdout);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) printf("%ld signal %d\n", number, WTERMSIG(status));
  }
  return 0;
}
