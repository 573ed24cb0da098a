import type { Argv } from 'yargs';

export function completionOptions(yargs: Argv): Argv {
  return yargs
    .positional('shell', { type: 'string', describe: 'bash, zsh or fish' })
    .example('$0 completion bash > /etc/bash_completion.d/podctl', 'for every user')
    .example('$0 completion fish | source', 'in ~/.config/fish/config.fish')
    .epilogue('In ~/.bashrc, or ~/.zshrc after compinit: source <(podctl completion bash|zsh)');
}
