using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Every schedule over 200 steps, with two groups, against PyTorch.</summary>
public class ScheduleTests
{
    private static readonly Dictionary<string, Func<Curve>> Curves = new()
    {
        ["step"] = () => new StepDecay(30, 0.5),
        ["multi step"] = () => new MultiStepDecay([20, 70, 71, 150], 0.3),
        ["exponential"] = () => new ExponentialDecay(0.97),
        ["polynomial"] = () => new PolynomialDecay(150, 2),
        ["cosine"] = () => new CosineDecay(200, 0.001),
        ["cosine turning"] = () => new CosineDecay(60, 0.001, stay: false),
        ["restarts"] = () => new CosineRestarts(30, 1, 0.002),
        ["restarts growing"] = () => new CosineRestarts(10, 2),
        ["constant"] = () => new ConstantRate(0.25, 17),
        ["linear"] = () => new LinearRate(0.1, 0.9, 120),
        ["one cycle"] = () => new OneCycle(201),
        ["one cycle three"] = () => new OneCycle(201, 0.4, 10, 100, 0.7, 0.9, cosine: false, threePhases: true),
        ["inverse square root"] = () => new InverseSquareRoot(25),
        ["function"] = () => new ByFunction(t => 1 / (1 + 0.05 * t)),
        ["warm-up and cosine"] = () => new CosineDecay(180).WithWarmUp(20, 0.05),
        ["warm-up and step"] = () => new StepDecay(40, 0.5).WithWarmUp(10, 0.1),
        ["chained"] = () => new LinearRate(0.1, 1, 30).Times(new ExponentialDecay(0.99)).Times(new StepDecay(50, 0.5)),
        ["sequence"] = () => new Sequence([new ConstantRate(0.1), new ExponentialDecay(0.9), new StepDecay(20, 0.2)], [30, 60]),
    };

    public static TheoryData<string> Cases => [.. Curves.Keys];

    private static double Metric(int t) => 1 / (1 + 0.1 * Math.Min(t, 40)) + 0.02 * Math.Sin(2.1 * t);

    private static Sgd Optimizer()
    {
        var a = new Parameter(Tensor.Zeros(1));
        var b = new Parameter(Tensor.Zeros(1));
        return new Sgd([new ParameterGroup([a]), new ParameterGroup([b], 0.02)], new() { LearningRate = 0.1, Momentum = 0.5 });
    }

    private static ReduceOnPlateau Plateau(string name, Optimizer optimizer) => name == "plateau"
        ? new(optimizer, 0.5, 5)
        : new(optimizer, 0.3, 3, 0.01, relative: false, coolDown: 4, least: 1e-3, maximize: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Follows_PyTorch(string name)
    {
        var optimizer = Optimizer();
        var schedule = new Schedule(optimizer, Curves[name]());
        Follow(name, optimizer, _ => schedule.Step());
    }

    [Fact]
    public void Cycles_follow_PyTorch()
    {
        var cycles = new Dictionary<string, Curve>
        {
            ["triangular"] = new Cyclic(20, 0.01, 30, lowMomentum: 0.8, highMomentum: 0.95),
            ["halving"] = new Cyclic(17, 0.01, shape: CycleShape.Halving, lowMomentum: 0.8, highMomentum: 0.95),
            ["exponential"] = new Cyclic(10, 0.01, 40, CycleShape.Exponential, 0.99, 0.8, 0.95),
        };
        Assert.Equal(Problem.Papers("schedules").EnumerateObject().Select(o => o.Name), cycles.Keys);
        foreach (var (name, curve) in cycles)
        {
            var optimizer = Optimizer();
            var schedule = new Schedule(optimizer, curve);
            Follow(name, optimizer, _ => schedule.Step(), Problem.Papers("schedules").GetProperty(name));
        }
        Assert.Equal(0.3, new Cyclic(5, 0).MomentumAt(3, 0.3));
        Assert.Equal(0.25, new Cyclic(1, 0.25, 1).At(1000, 1));
    }

    [Theory]
    [InlineData("plateau")]
    [InlineData("plateau options")]
    public void Plateaus_follow_PyTorch(string name)
    {
        var optimizer = Optimizer();
        var schedule = Plateau(name, optimizer);
        Follow(name, optimizer, t => schedule.Step(Metric(t)));
    }

    [Fact]
    public void All_golden_cases_are_run()
        => Assert.Equal(
            Problem.Golden("schedules").EnumerateObject().Select(o => o.Name).Order(),
            Curves.Keys.Append("plateau").Append("plateau options").Order());

    private static void Follow(string name, Optimizer optimizer, Action<int> step)
        => Follow(name, optimizer, step, Problem.Golden("schedules").GetProperty(name));

    private static void Follow(string name, Optimizer optimizer, Action<int> step, System.Text.Json.JsonElement rows)
    {
        for (int t = 0; t <= 200; t++)
        {
            var row = rows[t].EnumerateArray().Select(x => x.GetDouble()).ToArray();
            var actual = row.Length == 4
                ? optimizer.Groups.SelectMany(g => new[] { g.LearningRate, g.Momentum }).ToArray()
                : optimizer.Groups.Select(g => g.LearningRate).ToArray();
            for (int i = 0; i < row.Length; i++)
                Assert.True(
                    Math.Abs(row[i] - actual[i]) <= 1e-9 * Math.Abs(row[i]) + 1e-15,
                    $"step {t}, number {i}: expected {row[i]}, got {actual[i]}");
            if (t < 200) step(t);
        }
    }

    [Theory]
    [InlineData("one cycle")]
    [InlineData("warm-up and cosine")]
    [InlineData("plateau options")]
    public void A_loaded_schedule_goes_on_as_if_there_had_been_no_break(string name)
    {
        var (first, second) = (Optimizer(), Optimizer());
        bool isPlateau = name.StartsWith("plateau", StringComparison.Ordinal);
        Schedule Make(Optimizer o) => isPlateau ? Plateau(name, o) : new Schedule(o, Curves[name]());
        var one = Make(first);
        for (int t = 0; t < 83; t++) Step(one, t);
        // The second one starts from other rates, which the state replaces.
        second.LearningRate = 7;
        var two = Make(second);
        two.LoadState(one.SaveState());
        for (int t = 83; t < 200; t++)
        {
            Step(one, t);
            Step(two, t);
            Assert.Equal(first.Groups.Select(g => (g.LearningRate, g.Momentum)), second.Groups.Select(g => (g.LearningRate, g.Momentum)));
        }

        static void Step(Schedule schedule, int t)
        {
            if (schedule is ReduceOnPlateau plateau) plateau.Step(Metric(t));
            else schedule.Step();
        }
    }

    [Fact]
    public void A_warm_up_stands_before_a_plateau_too()
    {
        var optimizer = Optimizer();
        var schedule = new ReduceOnPlateau(optimizer, 0.5, 0, curve: new ConstantRate().WithWarmUp(4, 0));
        Assert.Equal(0, optimizer.LearningRate);
        schedule.Step(1);
        Assert.Equal(0.025, optimizer.LearningRate, 12);
        schedule.Step(2);   // worse: halves
        Assert.Equal(0.1 * 0.5 * 0.5, optimizer.LearningRate, 12);
        schedule.Step(0.5);
        schedule.Step(0.2);
        Assert.Equal(0.05, optimizer.LearningRate, 12);
    }

    [Fact]
    public void Inverse_square_root_after_a_warm_up_is_the_transformers_schedule()
    {
        var curve = new InverseSquareRoot(10).WithWarmUp(10, 0);
        for (int t = 0; t < 50; t++) Assert.Equal(t < 10 ? 0.3 * t / 10 : 0.3 * Math.Sqrt(10.0 / t), curve.At(t, 0.3), 12);
    }

    [Fact]
    public void Errors_name_the_number()
    {
        Assert.Contains(
            "[optim] every is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new StepDecay(0)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "5 follows 9", Assert.Throws<ArgumentException>(() => new MultiStepDecay([9, 5])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 curves need 1 milestones",
            Assert.Throws<ArgumentException>(() => new Sequence([new ConstantRate(), new ConstantRate()], [])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "[reduce_on_plateau] factor is 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(Optimizer(), 1)).Message, StringComparison.Ordinal);
        var plateau = new ReduceOnPlateau(Optimizer());
        Assert.Contains("the state is of 'schedule', this is 'reduce_on_plateau'",
            Assert.Throws<ArgumentException>(() => plateau.LoadState(new Schedule(Optimizer(), new ConstantRate()).SaveState())).Message,
                StringComparison.Ordinal);
    }
}
