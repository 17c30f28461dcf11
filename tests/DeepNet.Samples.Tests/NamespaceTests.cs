using System.Reflection;
using System.Runtime.CompilerServices;
using DeepNet.Analysis;
using DeepNet.Data;
using DeepNet.Data.Download;
using DeepNet.Data.Images;
using DeepNet.Data.Sampling;
using DeepNet.Data.Transforms;
using DeepNet.Ilgpu;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Ops;
using DeepNet.Optim;
using DeepNet.Plots;
using DeepNet.Training;

namespace DeepNet.Samples.Tests;

/// <summary>A program may import all namespaces of all packages at once: no name stands in two of them. This file does.</summary>
public class NamespaceTests
{
    private static readonly Assembly[] Packages =
    [
        typeof(Tensor).Assembly, typeof(TensorDataset).Assembly, typeof(Plot).Assembly, typeof(Trainer).Assembly, typeof(Pca).Assembly,
        typeof(IlgpuDevices).Assembly,
    ];

    // What every project of the SDK imports without saying so.
    private static readonly string[] Implicit =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
            "System.Threading.Tasks"];

    private readonly struct Cube : IUnaryOp<Cube>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x) where V : INumber<V> => x * x * x;
    }

    [Fact]
    public void Layers_optimizers_formulas_and_data_of_one_file()
    {
        var network = new Sequential(new Linear(3, 8), new Relu(), new Dropout(0.1), new Softmax());
        var optimizer = new Adam(network.Parameters(), 1e-2);
        var data = new TensorDataset(Tensor.Ones(4, 3).Apply(new Cube()), Tensor.Zeros(4));
        Loss.Mse(network.Forward(Tensor.Ones(4, 3)), Tensor.Zeros(4, 8)).Backward();
        optimizer.Step();
        Assert.Equal(4, data.Count);
        Assert.Equal(8, Tensor.Full(new Shape(1), 2).Apply(new Cube()).Item());
        Assert.Equal(2, new StateBuffer(Tensor.Ones(2)).Value.Count);
    }

    [Fact]
    public void No_name_stands_in_two_namespaces()
    {
        var framework = AppDomain.CurrentDomain.GetAssemblies().Append(typeof(HttpClient).Assembly)
            .Where(a => a.GetName().Name!.StartsWith("System.", StringComparison.Ordinal) && !a.IsDynamic)
            .SelectMany(a => a.GetExportedTypes().Concat(a.GetForwardedTypes()))
            .Where(t => Implicit.Contains(t.Namespace));
        var twice = Packages.SelectMany(p => p.GetExportedTypes()).Concat(framework)
            .Where(t => !t.IsNested)
            .GroupBy(t => t.Name)
            .Where(g => g.Select(t => t.FullName).Distinct().Count() > 1)
            .Select(g => string.Join(" and ", g.Select(t => t.FullName).Distinct()));
        Assert.Empty(twice);
    }
}
