extension CellCompiler {
    /// The compiler command by which an editor's language server understands a whole notebook: as one script, for its
    /// cells stand in one file.
    ///
    /// - Parameters:
    ///   - file: the notebook's name in its folder.
    ///   - searchPaths: folders with the modules that it may import.
    public func editorCommand(for file: String, searchPaths: [String]) -> [String] {
        [toolchain.root + "/bin/swiftc"] + frontend.languageFlags + searchPaths.flatMap { ["-I", $0] } + [
            // As in a debugger, an expression that stands for its value is no mistake.
            "-Xfrontend", "-debugger-support",
            // A gap shows as what it is.
            "-Xfrontend", "-warn-on-editor-placeholder",
            file,
        ]
    }

    /// Whether a command was made by ``editorCommand(for:searchPaths:)``, by this or another installation.
    public static func isEditorCommand(_ arguments: [String]) -> Bool {
        zip(arguments, arguments.dropFirst()).contains { $0 == ("-package-name", "etude") }
    }
}
