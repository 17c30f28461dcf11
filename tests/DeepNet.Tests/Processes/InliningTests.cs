using System.Diagnostics;
using System.Reflection;

namespace DeepNet.Tests.Processes;

/// <summary>
/// The loops of the kernels are whole: the JIT inlines the formula and every instruction of a vector into them. Nothing else shows when it
/// does not, for the results are the same, in ten times the time. DeepNet is optimised in Debug builds too, and its loops whenever they are
/// compiled, so any build will do.
/// </summary>
public class InliningTests
{
    [MatrixFact]
    [Trait(ChildProcess.Trait, ChildProcess.Children)]
    public async Task All_of_a_formula_is_inlined_into_its_loop() => await Check();

    [MatrixTheory]
    [Trait(ChildProcess.Trait, ChildProcess.Children)]
    [InlineData("DOTNET_EnableAVX512=0 DOTNET_EnableAVX512F=0 DOTNET_PreferredVectorBitWidth=256")]
    [InlineData("DOTNET_EnableAVX2=0")]
    public async Task The_same_in_narrower_vectors(string environment) => await Check(environment.Split(' '));

    /// <summary>A loop that is inlined itself would share the budget of its caller, which is small where the caller is.</summary>
    [Fact]
    public void Loops_are_compiled_by_themselves()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var shared = typeof(Tensor).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(All | BindingFlags.DeclaredOnly))
            .Where(m => m.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization))
            .Where(m => !m.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoInlining))
            .Select(m => $"{m.DeclaringType}.{m.Name}");
        Assert.Empty(shared);
    }

    private static async Task Check(params string[] environment)
    {
        if (ChildProcess.IsChild) return;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DeepNet.BitRecord.dll"), "inlining"])
        {
            RedirectStandardOutput = true,
        };
        // Every method is compiled once and for good: which callers become hot does not matter then.
        foreach (string setting in environment.Append("DOTNET_TieredCompilation=0"))
            start.Environment[setting.Split('=')[0]] = setting.Split('=')[1];
        using var process = Process.Start(start)!;
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, text);
    }
}
