import Courses
import Foundation
import Notebook

/// Finds out what an update does to each file: what one side alone changed is as that side has it, notebooks are merged cell
/// by cell, and of any other file that both changed there are two.
struct UpdatePlanner {
    private var plan: UpdatePlan
    /// Whether the version that comes is later than the one that the learner has.
    enum Direction { case forth, back }

    private let direction: Direction
    private let ours: (String) throws -> UpdatePlan.Presence

    /// - Parameters:
    ///   - base: the version that the learner has.
    ///   - theirs: the version that comes.
    ///   - ours: what lies at a path in the learner's folder.
    /// - Throws: ``GitError`` for a path that some system reads otherwise.
    static func plan(
        _ course: String, from base: CourseRelease, to theirs: CourseRelease, _ direction: Direction, ours: @escaping (String) throws -> UpdatePlan.Presence
    ) throws -> UpdatePlan {
        var planner = UpdatePlanner(plan: UpdatePlan(course: course, from: base.version, to: theirs.version), direction: direction, ours: ours)
        try planner.add(base, theirs)
        return planner.plan
    }

    private mutating func add(_ base: CourseRelease, _ theirs: CourseRelease) throws {
        _ = try Workspace.paths(of: theirs.files, "update the course")
        var rest = Set(base.files.keys).union(theirs.files.keys)
        for number in Set([base, theirs].flatMap { $0.description?.exercises ?? [] }.map(\.number)).sorted() {
            let old = base.description?.exercise(number)?.file, new = theirs.description?.exercise(number)?.file
            guard let first = old ?? new, let last = new ?? old else { continue }
            let renames = switch direction {
            case .forth: theirs.description?.renames(since: base.description, exercise: number) ?? .none
            case .back: base.description?.renames(since: theirs.description, exercise: number).reversed ?? .none
            }
            if !renames.isEmpty { plan.renames[number] = renames }
            rest.subtract([first, last])
            func item(_ first: String, _ last: String) -> Item {
                Item(exercise: .init(number: number, base: first, theirs: last, renames: renames), base: base.files[first], theirs: theirs.files[last])
            }
            let given = item(first, last), (otherFirst, otherLast) = (Self.otherForm(first), Self.otherForm(last))
            if !rest.isDisjoint(with: [otherFirst, otherLast]) {
                rest.subtract([otherFirst, otherLast])
                try add(given, from: first, to: last)
                try add(item(otherFirst, otherLast), from: otherFirst, to: otherLast)
                continue
            }
            // The learner may work in a copy of the other form, and have the given one no more.
            let hasOther = try given.base != nil && given.theirs != nil && ours(otherFirst) != .nothing
            if try !hasOther || ours(first) != .nothing { try add(given, from: first, to: last) }
            if hasOther { try add(given, from: otherFirst, to: otherLast) }
        }
        for path in rest { try add(Item(exercise: nil, base: base.files[path], theirs: theirs.files[path]), from: path, to: path) }
        plan.files.sort { $0.path < $1.path }
        // What comes is there before what goes is gone.
        plan.writes.sort { ($0.after == nil ? 1 : 0, $0.path) < ($1.after == nil ? 1 : 0, $1.path) }
    }

    /// What the two versions of a course have of one file.
    private struct Item {
        /// Whose notebook it is, and where the two versions have it.
        struct Exercise {
            let number: Int
            let base, theirs: String
            let renames: QuestionRenames
        }
        let exercise: Exercise?
        let base, theirs: Data?
    }

    private mutating func add(_ item: Item, from old: String, to new: String) throws {
        var place = old
        if old != new, try ours(old) == .nothing { place = new }
        var change = FileChange(path: new, formerPath: place == new ? nil : place, exercise: item.exercise?.number, kind: .updated, cells: [])
        let mine: Data
        switch try ours(place) {
        case .blocked(let reason):
            if item.base != item.theirs { plan.files.append(change.of(.skipped(reason))) }
            return
        case .nothing:
            guard let theirs = item.theirs, item.base != theirs else { return }
            plan.files.append(change.of(item.base == nil ? .added : .returned))
            return try write(new, nil, theirs)
        case .file(let data): mine = data
        }
        guard let theirs = item.theirs else {
            guard let base = item.base else { return }
            (change.path, change.formerPath) = (place, nil)
            plan.files.append(change.of(mine == base ? .removed : .kept))
            return mine == base ? try write(place, mine, nil) : ()
        }
        guard let (after, cells) = Self.merged(item, mine, at: place) else {
            let beside = try besidePath(of: new, item)
            plan.files.append(change.of(.beside(beside)))
            return try write(beside, data(at: beside), theirs)
        }
        change.cells = cells
        if change.formerPath == nil {
            guard after != mine else { return }
            plan.files.append(change.of(mine == item.base ? .updated : .merged))
            return try write(place, mine, after)
        }
        plan.files.append(change.of(.updated))
        guard try ours(new) == .nothing else {
            let beside = try besidePath(of: new, item)
            plan.files[plan.files.count - 1].kind = .beside(beside)
            return try write(beside, data(at: beside), after)
        }
        try write(new, nil, after)
        try write(place, mine, nil)
    }

    /// The file with what the course and the learner made of it; nil where both changed what can't be merged.
    private static func merged(_ item: Item, _ mine: Data, at place: String) -> (Data, [CellChange])? {
        guard let theirs = item.theirs, mine != theirs else { return (mine, []) }
        if item.base == theirs, item.exercise?.renames.isEmpty ?? true { return (mine, []) }
        if let exercise = item.exercise, let base = item.base,
            let merge = merge(base, exercise.base, mine, place, theirs, exercise.theirs, exercise.renames) {
            return mine == base ? (theirs, merge.cells) : (merge.data, merge.cells)
        }
        return mine == item.base ? (theirs, []) : nil
    }

    /// - Returns: nil where one of the three is no notebook.
    private static func merge(
        _ base: Data, _ basePath: String, _ mine: Data, _ place: String, _ theirs: Data, _ theirPath: String, _ renames: QuestionRenames
    ) -> (data: Data, cells: [CellChange])? {
        guard let base = try? Notebook(bytes: base, ofFile: basePath), let ours = try? Notebook(bytes: mine, ofFile: place),
            let theirs = try? Notebook(bytes: theirs, ofFile: theirPath) else { return nil }
        let merge = NotebookMerge(base: base, ours: ours, theirs: theirs, renames: renames)
        guard let (data, _) = try? merge.notebook.bytes(forFile: place) else { return nil }
        return (data, merge.changes)
    }

    /// What a file becomes that was saved since the update was planned.
    /// - Returns: nil where that can't be merged, and stays as it is.
    static func merged(_ write: FileWrite, with present: Data) -> Data? {
        guard let before = write.before, let after = write.after else { return nil }
        let path = write.path.text
        return merge(before, path, present, path, after, path, .none)?.data
    }

    private mutating func write(_ path: String, _ before: Data?, _ after: Data?) throws {
        guard before != after else { return }
        guard let portable = PortablePath(path) else { throw GitError("update the course", code: .refused, message: "\"\(path)\" is a name that can't be used on every system") }
        plan.writes.append(FileWrite(path: portable, before: before, after: after))
    }

    private func data(at path: String) throws -> Data? {
        if case .file(let data) = try ours(path) { data } else { nil }
    }

    /// A name for the course's file where the learner's stays: one that is free, or holds what the course put there.
    private func besidePath(of path: String, _ item: Item) throws -> String {
        let stem = (path as NSString).deletingPathExtension, kind = (path as NSString).pathExtension
        for number in 1... {
            let name = "\(stem).new-from-course\(number == 1 ? "" : "-\(number)")\(kind.isEmpty ? "" : "." + kind)"
            switch try ours(name) {
            case .nothing: return name
            case .file(let data) where data == item.theirs || data == item.base: return name
            default: continue
            }
        }
        return path
    }

    private static func otherForm(_ path: String) -> String {
        let stem = (path as NSString).deletingPathExtension
        return (path as NSString).pathExtension.lowercased() == "ipynb" ? stem + ".swift" : stem + ".ipynb"
    }
}

extension FileChange {
    fileprivate func of(_ kind: Kind) -> FileChange {
        var change = self
        change.kind = kind
        return change
    }
}
