using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>Modules as text: the tree that is printed, and the summary without an input.</summary>
public class ModuleTextTests
{
    private sealed class Net : Module
    {
        private readonly Linear first = new(4, 3, activation: new Relu());
        private readonly Sequential body = new(new Linear(3, 3), new Linear(3, 3), new Linear(3, 3), new BatchNorm1d(3), new Dropout(0.5));
        private readonly Parameter scale = new(Tensor.Ones(3));
        private readonly StateBuffer shift = new(Tensor.Zeros(new Shape(3), DType.Float64));

        public override Tensor Forward(Tensor x) => body.Forward(first.Forward(x)) * scale + shift;
    }

    private sealed class Loop : Module
    {
        public Module? Inside { get; set; }

        public override Tensor Forward(Tensor x) => x;
    }

    [Fact]
    public void A_module_prints_its_tree()
    {
        Assert.Equal("""
            Net
              first: Linear(4, 3, activation: Relu)
              body: Sequential
                0 … 2: 3 × Linear(3, 3)
                3: BatchNorm1d(3)
                4: Dropout(0.5)
            """.ReplaceLineEndings("\n"), new Net().ToString());
        Assert.Equal("Linear(2, 1, bias: false)", new Linear(2, 1, bias: false).ToString());
        var loop = new Loop();
        loop.Inside = loop;
        Assert.Equal("Loop", loop.ToString());
    }

    [Fact]
    public void A_name_in_a_sequence_cannot_break_the_lines()
        => Assert.Equal(2, new Sequential([("a\nb", new Relu())]).ToString().Split('\n').Length);

    [Fact]
    public void A_summary_needs_no_input()
    {
        var net = new Net();
        string[] lines = net.Summary().Split('\n');
        Assert.Equal(["layer", "kind", "weights", "parameters", "bytes"], Cells(lines[0]));
        Assert.Equal(["(model)", "Net", "scale (3,), shift (3,)", "3", "36"], Cells(lines[2]));
        Assert.Equal(["first", "Linear(4, 3, activation: Relu)", "weight (3, 4), bias (3,)", "15", "60"], Cells(lines[3]));
        Assert.Equal(["body", "Sequential"], Cells(lines[5]));
        Assert.Equal("60 parameters, 296 bytes", lines[^1]);
        net.Freeze();
        Assert.EndsWith("60 parameters (60 frozen), 296 bytes", net.Summary(), StringComparison.Ordinal);
        Assert.Single(lines[..^1].Select(line => line.Length).Distinct());

        static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [Fact]
    public void Shared_weights_count_once()
    {
        var shared = new Linear(2, 2);
        Assert.EndsWith("6 parameters, 24 bytes", new Sequential(shared, new Relu(), shared).Summary(), StringComparison.Ordinal);
    }
}
