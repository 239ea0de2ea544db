/// What a cell has to import to see the cells before it as the learner means them.
///
/// Only cells that it needs are imported, so that the time to compile does not grow with the notebook: those whose live
/// names it uses, those that declare extensions, conformances or operators, and those with types that these import (else
/// the members of a type from further back are out of reach).
struct ImportPlan {
    /// Import declarations, one a statement.
    private(set) var statements: [String] = []
    /// The modules of earlier cells that are imported.
    private(set) var modules: [String] = []
    /// What newer cells have taken the place of, by the index of the older cell: these declarations are hidden.
    private(set) var hidden: [(cell: CompiledCell, places: [CellOutline.AccessPlace])] = []

    init(for outline: CellOutline, uses: Set<String>, in scope: CellScope, extraImports: [String]) {
        let cells = scope.cells
        let declarers = ImportPlan.declarers(of: uses, in: cells)
        var needed: Set<Int> = []
        for (_, indices) in declarers { needed.formUnion(indices) }
        for (index, cell) in cells.enumerated() where cell.outline.reachesBeyondItsNames { needed.insert(index) }
        let indexByModule = Dictionary(cells.enumerated().map { ($1.moduleName, $0) }, uniquingKeysWith: { $1 })
        for index in needed {
            for module in cells[index].importedCells {
                if let further = indexByModule[module], cells[further].outline.declarations.contains(where: \.isType) {
                    needed.insert(further)
                }
            }
        }

        var seen: Set<String> = []
        for statement in extraImports + scope.imports.map(\.text) where seen.insert(statement).inserted {
            statements.append(statement)
        }
        for index in needed.sorted() {
            modules.append(cells[index].moduleName)
            statements.append("@testable import " + cells[index].moduleName)
        }
        hidden = Superseded(own: outline, cells: cells, needed: needed, uses: uses, declarers: declarers).places
        let hiddenPlaces = Dictionary(hidden.map { ($0.cell.moduleName, Set($0.places)) }, uniquingKeysWith: { $1 })
        for (name, indices) in declarers.sorted(by: { $0.key < $1.key }) {
            guard let newest = indices.last, let scoped = ImportPlan.scopedImport(
                of: name, from: cells[newest], hidden: hiddenPlaces[cells[newest].moduleName] ?? []) else { continue }
            let own = outline.declarations.first { $0.name == name && $0.kind != .extension }
            if own == nil || own?.kind == .function { statements.append(scoped) }
        }
    }

    /// For each used name, the cells that declare what it means now, oldest first: the newest one, and before it those
    /// with further overloads when it is a function.
    private static func declarers(of uses: Set<String>, in cells: [CompiledCell]) -> [String: [Int]] {
        var result: [String: [Int]] = [:]
        for (index, cell) in cells.enumerated() {
            for declaration in cell.outline.declarations
            where declaration.kind != .extension && !declaration.isPrivate && uses.contains(declaration.name) {
                if declaration.kind == .function {
                    let earlier = result[declaration.name] ?? []
                    let isOverload = earlier.last.map { cells[$0].outline.declares(function: declaration.name) } ?? false
                    result[declaration.name] = (isOverload ? earlier.filter { $0 != index } : []) + [index]
                } else {
                    result[declaration.name] = [index]
                }
            }
        }
        return result
    }

    private static func scopedImport(
        of name: String, from cell: CompiledCell, hidden: Set<CellOutline.AccessPlace>
    ) -> String? {
        let visible = cell.outline.declarations.filter {
            $0.name == name && $0.kind != .extension && !$0.isPrivate && !hidden.contains($0.access)
        }
        let kinds = Set(visible.map(\.kind))
        guard kinds.count == 1, let kind = kinds.first, let word = kind.importWord,
            name.unicodeScalars.first.map({ $0 == "_" || $0.properties.isXIDStart || !$0.isASCII }) ?? false
        else { return nil }
        return "@testable import \(word) \(cell.moduleName).`\(name)`"
    }
}

extension CellOutline.Declaration.Kind {
    fileprivate var importWord: String? {
        switch self {
        case .variable, .constant: "var"
        case .function: "func"
        case .structure: "struct"
        case .class, .actor: "class"
        case .enumeration: "enum"
        case .protocol: "protocol"
        case .typealias: "typealias"
        case .extension, .operator, .precedenceGroup, .macro: nil
        }
    }
}

extension CellOutline {
    func declares(function name: String) -> Bool { declarations.contains { $0.kind == .function && $0.name == name } }
}

/// Finds the declarations of older cells that newer ones repeat where a scoped import can't choose: members of
/// extensions, operator functions, and some of several overloads.
private struct Superseded {
    let own: CellOutline
    let cells: [CompiledCell]
    let needed: Set<Int>
    let uses: Set<String>
    let declarers: [String: [Int]]

    var places: [(cell: CompiledCell, places: [CellOutline.AccessPlace])] {
        var isUsed: Set<Int> = []
        var all: [Int: [CellOutline.AccessPlace]] = [:]
        var newestMember: [String: Int] = [:]
        var newestFunction: [String: (index: Int, result: String)] = [:]
        var owner: [String: Int] = [:]
        // Who owns an extended type at the time of each cell: a type declared anew has members of its own.
        var memberKeys: [Int: [(key: String, member: CellOutline.Member)]] = [:]
        for (index, cell) in cells.enumerated() {
            for declaration in cell.outline.declarations where declaration.isType { owner[declaration.name] = index }
            for member in cell.outline.members {
                let base = String(member.type.prefix { $0 != "." && $0 != "<" })
                let key = "\(owner[base] ?? -1) \(member.type) \(member.name) \(member.signature)"
                memberKeys[index, default: []].append((key, member))
                newestMember[key] = index
            }
            for function in cell.outline.declarations where function.kind == .function {
                newestFunction[function.name + function.signature] = (index, function.result)
            }
        }
        for function in own.declarations where function.kind == .function {
            newestFunction[function.name + function.signature] = (cells.count, function.result)
        }
        for index in needed {
            for (key, member) in memberKeys[index] ?? [] where !member.isPrivate && newestMember[key] != index {
                all[index, default: []].append(member.access)
                if uses.contains(member.name) || ["init", "subscript"].contains(member.name) { isUsed.insert(index) }
            }
            for function in cells[index].outline.declarations where function.kind == .function && !function.isPrivate {
                guard let newest = newestFunction[function.name + function.signature], newest.index != index else { continue }
                // A variable whose type is a hidden function's opaque result could not be read.
                if function.hasOpaqueResult, readsVariable(of: cells[index]) { continue }
                // A function of this cell, and one that is imported by name, hide what they repeat exactly.
                let isChosen = newest.index == cells.count
                    || (!function.isOperatorFunction && declarers[function.name]?.last == newest.index)
                if isChosen && newest.result == function.result && !function.hasOpaqueResult { continue }
                if !function.isOperatorFunction && !uses.contains(function.name) { continue }
                all[index, default: []].append(function.access)
                if uses.contains(function.name) { isUsed.insert(index) }
            }
        }
        return isUsed.sorted().map { (cells[$0], all[$0] ?? []) }
    }

    private func readsVariable(of cell: CompiledCell) -> Bool {
        cell.outline.declarations.contains { [.variable, .constant].contains($0.kind) && uses.contains($0.name) }
    }
}
