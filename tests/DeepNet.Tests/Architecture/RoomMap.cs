using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepNet.Tests.Architecture;

/// <summary>The uses of rooms of the core by one another, read from the sources, and the arrows of docs/architecture.md.</summary>
internal static class RoomMap
{
    /// <summary>Gets the root of the repository.</summary>
    public static string Root([CallerFilePath]
    string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    /// <summary>Gets the arrows that the page draws.</summary>
    public static HashSet<(string From, string To)> Drawn()
    {
        var lines = File.ReadLines(Path.Combine(Root(), "docs/architecture.md")).SkipWhile(line => line != "```mermaid")
            .TakeWhile(line => line != "```");
        var arrows = lines.Select(line => line.Split("-->", StringSplitOptions.TrimEntries)).Where(ends => ends.Length == 2);
        return [.. arrows.SelectMany(ends => ends[1].Split('&', StringSplitOptions.TrimEntries).Select(to => (ends[0], to)))];
    }

    /// <summary>Finds the types of other rooms that each room names, with a file that does so.</summary>
    public static Dictionary<(string From, string To), string> Uses()
    {
        string core = Path.Combine(Root(), "src/DeepNet");
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var sources = Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Room: Room(Path.GetRelativePath(core, path))))
            .Where(source => source.Room is not ("obj" or "bin")).ToDictionary(source => source.Path, source => source.Room);
        var trees = sources.Keys.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path)).ToList();
        string[] usings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading",
            "System.Threading.Tasks"];
        var implicitUsings = CSharpSyntaxTree.ParseText(string.Concat(usings.Select(name => $"global using {name};")), options);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("DeepNet", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "core", [.. trees, implicitUsings], platform, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        // To know a symbol means to bind the method around it, which takes most of the time: a name is looked up only if a type of that
        // name is declared in a room that this one is not known to use yet.
        var declared = trees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>()
                .Select(type => (Name: Name(type), Room: sources[tree.FilePath])))
            .Where(type => type.Name is not null).Distinct().ToLookup(type => type.Name!, type => type.Room);
        var uses = new Dictionary<(string, string), string>();
        foreach (var tree in trees)
        {
            string room = sources[tree.FilePath];
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
                if (declared[name.Identifier.Text].Any(home => home != room && !uses.ContainsKey((room, home)))
                    && model.GetSymbolInfo(name).Symbol is INamedTypeSymbol type && Home(type) is { } home && sources[home] != room)
                    uses.TryAdd((room, sources[home]), $"{type.Name} in {Path.GetRelativePath(core, tree.FilePath)}");
        }
        return uses;
    }

    private static string? Name(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    };

    // A partial class belongs where the file of its own name is; its other parts may lie in the rooms that they are about.
    private static string? Home(INamedTypeSymbol type)
        => type.ContainingType is { } outer ? Home(outer)
            : type.OriginalDefinition.DeclaringSyntaxReferences.Select(part => part.SyntaxTree.FilePath)
            .MinBy(path => Path.GetFileName(path).Length);

    private static string Room(string path)
    {
        string[] folders = path.Replace('\\', '/').Split('/');
        return folders is ["Devices", "Cpu", ..] ? "Cpu" : folders[0];      // the only folder that is a room within another
    }
}
