/// Completions for zsh, by its `_arguments`.
enum ZshCompletions {
    static func script(_ commands: [Command]) -> String {
        var script = """
            #compdef roost
            # Completions of roost for zsh. Made by 'roost completions zsh'.


            """
        for node in CompletionNode.all(commands) { script += function(node) }
        // Loaded by compinit from a folder of fpath it is called; sourced, it announces itself.
        return script + """
            if [ "$funcstack[1]" = "_roost" ]; then
                _roost "$@"
            else
                compdef _roost roost
            fi

            """
    }

    private static func function(_ node: CompletionNode) -> String {
        var text = "\(name(of: node.path))() {\n"
        var specifications = node.options.map(specification)
        specifications += node.standard.map { "'(- *)--\($0.name)[\(escaped($0.summary))]'" }
        if node.commands.isEmpty {
            for argument in node.arguments {
                let position = argument.count == .repeated ? "*" : argument.count == .optional ? ":" : ""
                specifications.append(
                    "'\(position):\(escaped(argument.placeholder)):\(action(argument.completion))'")
            }
            text += "    _arguments -s \(specifications.joined(separator: " \\\n        "))\n"
        } else {
            let names = node.commands.map { "'\($0.name):\(escaped($0.summary))'" }
            text += """
                    local context state state_descr line
                    local -A opt_args
                    local -a commands=(
                        \(names.joined(separator: "\n        "))
                    )
                    _arguments -C \(specifications.joined(separator: " \\\n        ")) \\
                        '1:command:->command' '*::argument:->argument'
                    case $state in
                    command) _describe -t commands 'command' commands ;;
                    argument)
                        local next="\(name(of: node.path))_${line[1]}"
                        (( $+functions[$next] )) && $next
                        ;;
                    esac

                """
        }
        return text + "}\n\n"
    }

    private static func specification(_ option: any OptionDeclaration) -> String {
        let repeats = option.repeats ? "*" : ""
        let head = "'\(repeats)--\(option.name)"
        guard let completion = option.completion, let placeholder = option.placeholder else {
            return "\(head)[\(escaped(option.summary))]'"
        }
        return "\(head)=[\(escaped(option.summary))]:\(escaped(placeholder)):\(action(completion))'"
    }

    private static func action(_ completion: ValueCompletion) -> String {
        switch completion {
        case .nothing: " "
        case .files: "_files"
        case .folders: "_files -/"
        case .words(let words): "(\(words.joined(separator: " ")))"
        }
    }

    private static func name(of path: String) -> String {
        "_" + path.map { $0 == " " ? "_" : String($0) }.joined()
    }

    /// Within single quotes, brackets and colons.
    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "'": #"'\''"#
            case "[", "]", ":", "\\": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}
