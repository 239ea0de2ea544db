import Foundation

/// One thing that may hold submissions, wherever an instructor has it from.
struct CollectionSource: Equatable {
    enum Kind: Equatable {
        case notebook, zip, bundle
        /// A folder with a notebook and its `submission.json`, as they come out of a zip.
        case unpacked
        /// A folder with a git repository.
        case clone
        case remote(url: String)
    }

    var kind: Kind
    var path: String
    /// What the place it was found in calls its sender: a folder of a learning platform, a clone's folder, a line of a list.
    var owner: String?
    /// The way to it, from what the instructor named: for those whom nothing else names.
    var trail: [String] = []
}

/// Looks for sources in what an instructor names: files, folders of files, of folders, of clones, lists of remotes.
struct SourceSearch {
    private static let greatestDepth = 6
    private static let greatestCount = 100_000
    private static let greatestList = 4 << 20

    private(set) var sources: [CollectionSource] = []
    /// What should be a source, and is none: the path, and a sentence.
    private(set) var refused: [(path: String, sentence: String)] = []
    private var seen = 0
    private let collection: String

    /// - Parameter collection: the folder that is collected into, which is no source.
    init(except collection: String) { self.collection = realPath(collection) }

    mutating func add(_ path: String) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        var status = stat()
        // What a person names themself may be a link.
        guard stat(path, &status) == 0 else { return refuse(path, "There is no such file or folder.") }
        switch status.st_mode & S_IFMT {
        case S_IFDIR where isClone(path): sources.append(CollectionSource(kind: .clone, path: path, owner: name(path)))
        case S_IFDIR: addFolder(path, owner: nil, trail: [])
        case S_IFREG where (path as NSString).pathExtension == "txt": addList(path)
        case S_IFREG:
            if !addFile(path, owner: OwnerName.ofPlatform(file: name(path)), trail: []) { refuse(path, "It should be a notebook (.swift, .ipynb), a .zip, a .bundle, a .txt that lists git remotes, or a folder of these.") }
        default: refuse(path, "It is neither a file nor a folder.")
        }
    }

    private mutating func addFolder(_ folder: String, owner: String?, trail: [String]) {
        guard realPath(folder) != collection else { return }
        guard trail.count < Self.greatestDepth else { return refuse(folder, "It lies in too many folders, one in the other.") }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder).sorted() else { return refuse(folder, "It can't be opened.") }
        if !trail.isEmpty, names.contains(SubmissionManifest.file) {
            return sources.append(CollectionSource(kind: .unpacked, path: folder, owner: owner, trail: trail))
        }
        var clones: [String] = []
        for name in names where !name.hasPrefix(".") && name != "__MACOSX" {
            seen += 1
            guard seen <= Self.greatestCount else { return refuse(folder, "There are more than \(Self.greatestCount) files and folders; collect them in parts.") }
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFLNK: refuse(path, "It is a link, which is not followed; put the file itself there.")
            case S_IFDIR where isClone(path): clones.append(name)
            case S_IFDIR: addFolder(path, owner: OwnerName.ofPlatform(folder: name) ?? owner, trail: trail + [name])
            case S_IFREG:
                let sender = OwnerName.ofPlatform(file: name) ?? owner
                // Beside a learner's notebook may lie the course's own pictures and texts.
                if !addFile(path, owner: sender, trail: trail), OwnerName.isHandedIn(name, in: folder) { refuse(path, "It is not a notebook, a zip or a bundle; ask for what etude submit makes.") }
            default: break
            }
        }
        // Clones of one assignment begin with its name.
        let prefix = OwnerName.sharedPrefix(clones)
        sources += clones.map { CollectionSource(kind: .clone, path: "\(folder)/\($0)", owner: owner ?? String($0.dropFirst(prefix.count))) }
    }

    private mutating func addFile(_ path: String, owner: String?, trail: [String]) -> Bool {
        let kind: CollectionSource.Kind
        switch (path as NSString).pathExtension.lowercased() {
        case "swift", "ipynb": kind = .notebook
        case "zip": kind = .zip
        case "bundle": kind = .bundle
        default: return false
        }
        sources.append(CollectionSource(kind: kind, path: path, owner: owner, trail: trail + [(name(path) as NSString).deletingPathExtension]))
        return true
    }

    /// A remote a line, with a name before it or without; `#` begins a comment.
    private mutating func addList(_ path: String) {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: Self.greatestList + 1), data.count <= Self.greatestList,
            let text = String(validating: data, as: UTF8.self) else { return refuse(path, "It can't be read as a text with a git remote a line.") }
        var unnamed: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace).prefix { !$0.hasPrefix("#") }.map(String.init)
            switch words.count {
            case 0: continue
            case 1: unnamed.append(words[0])
            case 2: sources.append(CollectionSource(kind: .remote(url: words[1]), path: words[1], owner: words[0]))
            default: refuse("\(path):\(number + 1)", "A line is a git remote, or a name and a remote: ada https://example.org/ada/work.git")
            }
        }
        for (url, owner) in zip(unnamed, OwnerName.ofRemotes(unnamed)) { sources.append(CollectionSource(kind: .remote(url: url), path: url, owner: owner)) }
    }

    private mutating func refuse(_ path: String, _ sentence: String) { refused.append((path, sentence)) }

    private func isClone(_ folder: String) -> Bool {
        var status = stat()
        if lstat("\(folder)/.git", &status) == 0 { return true }
        return ["HEAD", "objects", "refs"].allSatisfy { lstat("\(folder)/\($0)", &status) == 0 }
    }

    private func name(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent }
}

/// Reads who has sent something from the names that learning platforms give to downloads.
enum OwnerName {
    /// Moodle: `Ada Lovelace_123456_assignsubmission_file_`.
    static func ofPlatform(folder: String) -> String? {
        guard let match = folder.wholeMatch(of: #/(.+?)_\d+_assignsubmission_[a-z]+_?/#) else { return nil }
        return String(match.1)
    }

    /// Canvas: `lovelaceada_LATE_123_4567_1-embedding-layers.swift`; Moodle without folders:
    /// `Ada Lovelace_123456_assignsubmission_file_1-embedding-layers.swift`.
    static func ofPlatform(file: String) -> String? {
        if let match = file.wholeMatch(of: #/(.+?)_\d+_assignsubmission_[a-z]+_.+/#) { return String(match.1) }
        return file.wholeMatch(of: #/([^_]+)(?:_LATE)?_\d+_\d+_.+/#).map { String($0.1) }
    }

    /// What a learner called a file before a platform wrote its own words in front of it.
    static func original(_ file: String) -> String {
        if let match = file.wholeMatch(of: #/.+?_\d+_assignsubmission_[a-z]+_(.+)/#) { return String(match.1) }
        return file.wholeMatch(of: #/[^_]+(?:_LATE)?_\d+_\d+_(.+)/#).map { String($0.1) } ?? file
    }

    /// Whether a platform has put a file there as somebody's submission.
    static func isHandedIn(_ file: String, in folder: String) -> Bool {
        ofPlatform(file: file) != nil || ofPlatform(folder: (folder as NSString).lastPathComponent) != nil
    }

    /// The part of each address that tells it from the others: `ada` of `https://example.org/ada/work.git` where all end
    /// with `work.git`, and of `https://example.org/course/first-week-ada` where all begin with `first-week`.
    static func ofRemotes(_ urls: [String]) -> [String?] {
        let parts = urls.map { $0.split(whereSeparator: { "/:".contains($0) }).map { $0.hasSuffix(".git") ? String($0.dropLast(4)) : String($0) } }
        let areAlike = parts.count > 1 && Set(parts.map(\.last)).count == 1
        let names = parts.map { areAlike ? $0.dropLast().last : $0.last }, prefix = sharedPrefix(names.compactMap { $0 })
        return names.map { $0.map { String($0.dropFirst(prefix.count)) } }
    }

    /// What several names begin with, up to a hyphen; nothing where it is not all of them.
    static func sharedPrefix(_ names: [String]) -> String {
        guard names.count > 1, var prefix = names.first else { return "" }
        for name in names { prefix = prefix.commonPrefix(with: name) }
        return prefix.lastIndex(of: "-").map { String(prefix[...$0]) } ?? ""
    }
}
