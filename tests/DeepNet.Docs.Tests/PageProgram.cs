using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepNet.Docs.Tests;

/// <summary>Compiles and runs the blocks of a page as one program.</summary>
internal static class PageProgram
{
    // A line of its own between the outputs of blocks.
    private const string Mark = "\u0001";

    private static readonly string[] Usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "DeepNet", "DeepNet.Analysis", "DeepNet.Data", "DeepNet.Models", "DeepNet.Nn", "DeepNet.Optim", "DeepNet.Plots", "DeepNet.Training",
    ];

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p))];

    /// <summary>Compiles a program; an error names the line of the page.</summary>
    public static byte[] Compile(string page, IReadOnlyList<Block> blocks)
    {
        var usings = new List<string>();
        var statements = new List<string>();
        var types = new List<string>();
        foreach (var block in blocks)
        {
            var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(block.Code).GetRoot();
            string At(SyntaxNode node)
            {
                int line = block.Line + root.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line;
                return $"#line {line} \"{page}\"\n{node.ToFullString()}\n";
            }
            usings.AddRange(root.Usings.Select(At));
            statements.AddRange(root.Members.OfType<GlobalStatementSyntax>().Select(At));
            if (block.Output is not null || blocks.Any(b => b.Output is not null))
                statements.Add($"System.Console.WriteLine(\"\\u0001\");\n");
            types.AddRange(root.Members.Where(m => m is not GlobalStatementSyntax).Select(At));
        }
        string text = string.Concat([.. Usings.Select(u => $"global using {u};\n"), .. usings.Distinct(), .. statements, .. types]);
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(page) + ".page", [CSharpSyntaxTree.ParseText(text)], References,
            new CSharpCompilationOptions(
                statements.Count > 0 ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var errors = compilation.Emit(assembly).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        Assert.True(errors.Length == 0, string.Join('\n', errors.Select(e =>
            $"{page}:{e.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {e.GetMessage()}")));
        return assembly.ToArray();
    }

    /// <summary>Runs a compiled program in an empty folder and returns what each block printed.</summary>
    public static string[] Run(byte[] program)
    {
        var folder = Directory.CreateTempSubdirectory("deepnet-docs-");
        string before = Directory.GetCurrentDirectory();
        var console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        var context = new AssemblyLoadContext("page", isCollectible: true);
        try
        {
            Directory.SetCurrentDirectory(folder.FullName);
            Console.SetOut(output);
            using (Memory.Scope())
            {
                var main = context.LoadFromStream(new MemoryStream(program)).EntryPoint!;
                main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            }
        }
        catch (TargetInvocationException e)
        {
            Assert.Fail($"{e.InnerException}\nprinted before:\n{output}");
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
            context.Unload();
        }
        return output.ToString().Split(Mark + "\n");
    }
}
