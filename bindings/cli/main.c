/* kundig, the command: understand the arguments, run one command, tell by the exit code. */
#include "cli.h"

int main(int argc, char **argv)
{
    cli_arguments arguments;
    int code = cli_parse(argc, argv, &arguments);
    if (code > 0) {
        return code;
    }
    cli_catch_interrupt();
    if (code == CLI_OK) {
        code = cli_run(&arguments);
    } else {
        code = CLI_OK; /* --help, --version */
    }
    if (!cli_flush() && code == CLI_OK) {
        code = CLI_FAILED;
    }
    return code;
}
