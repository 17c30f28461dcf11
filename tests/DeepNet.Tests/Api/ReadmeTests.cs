using System.Runtime.CompilerServices;
using DeepNet.Nn;
using DeepNet.Ops;
using DeepNet.Optim;
using Relu = DeepNet.Nn.Relu;    // tests see the formula of this name too

namespace DeepNet.Tests.Api;

// README: an operator
public readonly struct SquaredRelu : IUnaryOp<SquaredRelu>
{
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(x, V.Constant(0), x * x, V.Constant(0));
}
// README: end

// README: a model
sealed class Mlp : Module
{
    readonly Linear fc1 = new(784, 128, activation: new Relu()), fc2 = new(128, 10);
    public override Tensor Forward(Tensor x) => fc2.Forward(fc1.Forward(x));
}
// README: end

/// <summary>Compiles and runs the code of README.md, and compares it word for word with the page.</summary>
public class ReadmeTests
{
    [Fact]
    public void Code_of_the_readme_does_what_it_says()
    {
        // README: at a glance
        // Tensors: float32 unless you say otherwise, views where NumPy has views, broadcasting, C# ranges.
        var x = Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(2, 3));
        var row = x[0];                                   // a view: shares memory
        var part = x[.., 1..^0];                          // C# ranges
        var scaled = x * Tensor.From<float>(1, 10, 100);  // broadcast over rows
        var product = x.MatMul(x.T);                      // (2, 2)

        // Gradients: ask for them where you want them.
        var w = Tensor.From<float>(0.5f, -0.25f, 1).WithGrad();
        var loss = (x * w).Tanh().Square();
        loss.Backward(Tensor.Ones(2, 3));
        var slope = w.Grad!;                              // (3,)

        // Gradients of gradients: a backward pass can be recorded like anything else.
        var t = Tensor.From(2.0).WithGrad();
        (t * t * t).Backward(createGraph: true);
        var first = t.Grad!;                              // 3t² = 12
        t.Grad = null;
        first.Backward();
        var second = t.Grad!;                             // 6t = 12

        // Memory: nobody has to dispose. A scope gives back sooner, a limit keeps a mistake from taking the machine.
        using (Memory.Scope())
        {
            var temporary = x.Exp() + 1;
        }
        // README: end

        // README: use of it
        var y = x.Apply(new SquaredRelu());
        // README: end

        Assert.Equal([1f, 2, 3], row.ToArray());
        Assert.Equal([2f, 3, 5, 6], part.ToArray());
        Assert.Equal([1f, 20, 300, 4, 50, 600], scaled.ToArray());
        Assert.Equal([14f, 32, 32, 77], product.ToArray());
        Assert.Equal(new Shape(3), slope.Shape);
        Assert.Equal(12, (double)first);
        Assert.Equal(12, (double)second);
        Assert.Equal([1f, 4, 9, 16, 25, 36], y.ToArray());
    }

    [Fact]
    public void The_loop_of_the_readme_trains()
    {
        Generator.SetSeed(1);
        var data = Tensor.Rand(new Shape(32, 784));
        var classes = Tensor.RandInt(0, 10, new Shape(32));
        var batches = Enumerable.Repeat((data, classes), 30);
        float before = Loss.CrossEntropy(new Mlp().Forward(data), classes).Item();

        // README: a loop
        var model = new Mlp();
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-3);
        foreach (var (x, y) in batches)
        {
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model.Forward(x), y);
            loss.Backward();
            optimizer.Step();
        }
        // README: end
        Assert.InRange(Loss.CrossEntropy(model.Forward(data), classes).Item(), 0, before / 2);
    }

    [Fact]
    public void An_error_reads_as_the_readme_says()
    {
        string[] blocks = Readme().Split("```");
        string promised = blocks.Single(b => b.TrimStart().StartsWith("[matmul]", StringComparison.Ordinal)).Trim();
        var error = Assert.Throws<ArgumentException>(() => Tensor.Zeros(64, 784).MatMul(Tensor.Zeros(128, 784)));
        Assert.StartsWith(promised[..promised.IndexOf(" Did", StringComparison.Ordinal)], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("at a glance")]
    [InlineData("a model")]
    [InlineData("a loop")]
    [InlineData("an operator")]
    [InlineData("use of it")]
    public void Code_of_the_readme_is_the_code_above(string region)
        => Assert.Contains(Region(region), Readme(), StringComparison.Ordinal);

    // What lies between the markers, without the indentation of the first line.
    private static string Region(string name, [CallerFilePath] string source = "")
    {
        var lines = File.ReadLines(source).SkipWhile(l => l.Trim() != $"// README: {name}").Skip(1)
            .TakeWhile(l => l.Trim() != "// README: end").ToList();
        Assert.NotEmpty(lines);
        int indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..] : l.Trim()));
    }

    private static string Readme([CallerFilePath] string source = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "../../../README.md")).ReplaceLineEndings("\n");
}
