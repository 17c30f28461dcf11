using System.Reflection;
using System.Text.RegularExpressions;
using DeepNet.Ops;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Kernels for NVIDIA's GPUs, made without one: every job that this assembly's other tests ran is compiled to PTX, and assembled where
/// ptxas is installed. What a compiler refuses here, or a function it does not know, would otherwise be found on somebody's GPU.
/// </summary>
public class PtxTests
{
    // PTX for one architecture is assembled for later ones too.
    private static readonly string[] Targets = ["sm_80", "sm_90"];

    [Fact]
    public void Every_kernel_compiles()
    {
        EnsureSome();
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O1).Math(MathMode.Default));
        using var backend = new PTXBackend(context, new CudaArchitecture(8, 0), CudaInstructionSet.ISA_80, null!);
        string folder = Path.Combine(Path.GetTempPath(), $"deepnet-ptx-{Environment.ProcessId}");
        string? assembler = Assembler();
        var failures = new List<string>();
        foreach (var (method, (job, fit)) in EntryPoints.Known)
        {
            try
            {
                var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), fit);
                Assert.Contains(".entry", compiled.PTXAssembly, StringComparison.Ordinal);
                if (assembler is null) continue;
                foreach (string target in Targets) Assemble(assembler, compiled.PTXAssembly, folder, target, fit);
            }
            catch (Exception e)
            {
                failures.Add($"{job}: {e.GetBaseException().Message}");
                context.ClearCache(ClearCacheMode.Everything);
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {EntryPoints.Known.Count} kernels:\n{string.Join('\n', failures)}");
    }

    // ILGPU swaps the sides of a comparison whose first side is a constant, and for NaN takes the wrong branch then: relu(NaN) was 0 on
    // NVIDIA's GPUs.
    [Fact]
    public void What_holds_for_NaN_is_said_outright()
    {
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O1).Math(MathMode.Default));
        using var backend = new PTXBackend(context, new CudaArchitecture(8, 0), CudaInstructionSet.ISA_80, null!);
        foreach (var method in new Delegate[] { EntryPoints.Fours<MapJob<Relu, GpuFloat, float>>, EntryPoints.Fours<MapJob<Sign, GpuFloat,
            float>>, EntryPoints.Fours<MapJob<Relu, GpuDouble, double>> })
        {
            var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method.Method), default);
            Assert.Contains("testp.notanumber", compiled.PTXAssembly, StringComparison.Ordinal);
        }
    }

    // Run alone, without the other tests, it still has something to do.
    private static void EnsureSome()
    {
        if (!EntryPoints.Known.IsEmpty) return;
        var x = Tensor.From<double>(1, 2, 3).To(Device.Parse(AllDevices.Names[0]));
        _ = (x.Exp().Softmax(0) + x.Sum()).ToArray<double>();
    }

    private static string? Assembler() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ptxas.exe" : "ptxas")).FirstOrDefault(File.Exists);

    private static void Assemble(string assembler, string ptx, string folder, string target, ILGPU.Runtime.KernelSpecialization fit)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "kernel.ptx");
        File.WriteAllText(file, ptx);
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(assembler, ["-arch", target, "-v", "-o", Path.Combine(folder, "kernel.cubin"), file])
            {
                RedirectStandardError = true,
            })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Directory.Delete(folder, recursive: true);
        Assert.True(process.ExitCode == 0, said);
        // What does not fit a thread's registers goes to memory and back. Where a kernel's own Fit caps them, a few addresses may be put
        // aside once a tile; sums, of which there are 256 bytes, may not.
        int spilled = int.Parse(
            Regex.Match(said, @"(\d+) bytes spill stores").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(spilled <= (fit.MaxNumThreadsPerGroup is null ? 0 : 16), said);
    }
}
