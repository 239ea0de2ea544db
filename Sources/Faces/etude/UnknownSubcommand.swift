import ArgumentParser
import CellCompiler
import Foundation

/// What to say to a person who typed a subcommand that there is not. The argument parser suggests names of options only.
enum UnknownSubcommand {
    /// - Parameter arguments: those that the parser did not understand.
    /// - Returns: nil when no subcommand is the trouble.
    static func sentence(for arguments: [String], of root: any ParsableCommand.Type) -> String? {
        var command = root
        var path = [Invocation.name]
        for (index, argument) in arguments.enumerated() {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !argument.hasPrefix("-"), argument != "help" else { return nil }
            if let known = subcommands.first(where: { name(of: $0) == argument }) {
                command = known
                path.append(argument)
                continue
            }
            return sentence(for: argument, path: path, names: subcommands.map(name(of:)), rest: Array(arguments[(index + 1)...]))
        }
        return nil
    }

    private static func sentence(for word: String, path: [String], names: [String], rest: [String]) -> String {
        let unknown = "There is no subcommand \"\(word)\"."
        if let best = Spelling.nearest(to: word, in: names) {
            return "\(unknown) Did you mean: \((path + [best] + rest).joined(separator: " "))"
        }
        if path.count == 1, word.contains("/") || word.hasSuffix(".swift") || word.hasSuffix(".ipynb") {
            return "\(unknown) To run \(word): \((path + ["run", word]).joined(separator: " "))"
        }
        return "\(unknown) There are: \(names.joined(separator: ", ")). More: \((path + ["--help"]).joined(separator: " "))"
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }
}
