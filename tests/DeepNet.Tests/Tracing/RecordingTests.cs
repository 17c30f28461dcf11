using System.Text.RegularExpressions;
using DeepNet.Nn;
using DeepNet.Ops;
using DeepNet.Tests.Architecture;
using DeepNet.Tracing;
using Xunit;

namespace DeepNet.Tests.Tracing;

/// <summary>The operators and kernels that recorders are told of.</summary>
public class RecordingTests
{
    private sealed class Log : Recorder
    {
        public List<OperatorEvent> Steps { get; } = [];
        public List<Kernel> Kernels { get; } = [];
        public override void Applied(OperatorEvent step) => Steps.Add(step);
        public override void Ran(Kernel kernel, long start, long end) => Kernels.Add(kernel);
    }

    [Fact]
    public void Operators_tell_their_inputs_and_outputs_as_the_program_sees_them()
    {
        var model = new Sequential(new Linear(4, 3, activation: new DeepNet.Nn.Relu()), new Linear(3, 2));
        var x = Tensor.Rand(new Shape(5, 2, 2));
        var log = new Log();
        Tensor y;
        using (Recording.Begin(log)) y = model.Forward(x.Reshape(5, 4)).T * 2;
        var said = log.Steps.Where(s => s.Depth == 0).ToList();
        Assert.Equal(["reshape", "affine_relu", "affine", "permute", "mul"], said.Select(s => s.Name));
        Assert.Same(x, said[0].Inputs[0]);
        for (int i = 1; i < said.Count; i++) Assert.Same(said[i - 1].Output, said[i].Inputs[0]);
        Assert.Same(y, said[^1].Output);
        Assert.Equal(["0", "1"], said.Where(s => s.Operator is Affine).Select(s => s.ModulePath));
        Assert.Same(model.Parameters()[0].Value, said[1].Inputs[1]);
        Assert.Equal([1, 0], Assert.IsType<int[]>(said[3].Operator));
        Assert.IsType<WithRight<Mul>>(said[4].Operator);
    }

    [Fact]
    public void Kernels_can_be_run_again()
    {
        var x = Tensor.Rand(new Shape(6, 5)).WithGrad();
        var log = new Log();
        Tensor y;
        using (Recording.Begin(log))
        {
            y = (x.Softmax(1) * x.Detach().Exp()).Sum();
            y.Backward();
        }
        var (loss, gradient) = (y.ToArray(), x.Grad!.ToArray());
        Assert.Contains(log.Kernels, k => k.Name == "zip_backward mul");
        Assert.Contains(log.Kernels, k => k.Name == "reduce add_up" && k.Bytes == (30 + 1) * 4);
        x.Grad!.FillInPlace(7);
        using (Autograd.NoGrad())
            foreach (var kernel in log.Kernels.Where(k => k.Operands.All(t => t is null || !t.Storage.IsReleased)))
                kernel.Run(kernel.Operands);
        Assert.Equal(loss, y.ToArray());
        Assert.Equal(gradient.Length, x.Grad.ToArray().Length);
    }

    [Fact]
    public void Nobody_hears_of_other_threads_and_of_what_comes_after()
    {
        var log = new Log();
        using (Recording.Begin(log))
        {
            var other = new Thread(() => _ = Tensor.Ones(3) + 1);
            other.Start();
            other.Join();
        }
        _ = Tensor.Ones(3) + 1;
        Assert.Empty(log.Steps);
        Assert.Empty(log.Kernels);
    }

    [Fact]
    public void An_error_inside_an_operator_does_not_change_the_depth()
    {
        var log = new Log();
        using var recording = Recording.Begin(log);
        Assert.ThrowsAny<Exception>(() => Tensor.Ones(2, 3).MatMul(Tensor.Ones(2, 3)));
        Assert.ThrowsAny<Exception>(() => new Failing().Apply(Tensor.Ones(2)));
        _ = Tensor.Ones(3) + 1;
        Assert.Equal(0, log.Steps[^1].Depth);
    }

    /// <summary>A kernel that is asked for past <see cref="Tensor.Kernels"/> would be missing in every recording.</summary>
    [Fact]
    public void Operators_ask_for_kernels_where_recorders_hear_of_it()
    {
        string core = Path.Combine(RoomMap.Root(), "src/DeepNet");
        string kernels = string.Join("|", typeof(RecordingDevice).GetMethods(System.Reflection.BindingFlags.Instance
            | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly)
            .Where(m => m.GetBaseDefinition().DeclaringType == typeof(Device) && m.Name != "CreateBlockSource").Select(m => m.Name));
        var past = new Regex($@"\b[Dd]evice\.({kernels})(<[^>(]*>)?\(");
        var found = Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Regex.IsMatch(Path.GetRelativePath(core, f).Replace('\\', '/'), "^(Devices|Tracing|Replay|obj|bin)/"))
            .SelectMany(f => File.ReadLines(f).Where(line => past.IsMatch(line)).Select(line => $"{Path.GetFileName(f)}: {line.Trim()}"));
        Assert.Empty(found);
    }

    private sealed class Failing : Operator
    {
        public override string Name => "failing";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => throw new InvalidOperationException("no");
        protected override void Vjp(Tensor gradient) { }
    }
}
