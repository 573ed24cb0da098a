#ifndef PODCTL_VERBS_H
#define PODCTL_VERBS_H

/*
 * One function a verb; argv[0] is the verb. Gives the exit code: 0 done, 1 failed, 2 usage, each
 * after the last report line. `enter` gives the exit code of the program that it ran.
 */
int verb_create(int argc, char **argv);
int verb_create_user(int argc, char **argv);
int verb_delete_link(int argc, char **argv);
int verb_enter(int argc, char **argv);
int verb_guard(int argc, char **argv);
int verb_pause(int argc, char **argv);
int verb_pin(int argc, char **argv);
int verb_probe(int argc, char **argv);
int verb_remove_file(int argc, char **argv);
int verb_sandbox(int argc, char **argv);
int verb_set_link(int argc, char **argv);
int verb_shm(int argc, char **argv);
int verb_signal(int argc, char **argv);
int verb_talk(int argc, char **argv);
int verb_unpin(int argc, char **argv);
int verb_unshm(int argc, char **argv);

#endif
