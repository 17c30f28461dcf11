using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class ModuleFieldTests
{
    private sealed class Holds<T>(T held) : Module
    {
        public readonly T held = held;
        public override Tensor Forward(Tensor x) => x;
    }

    private sealed record Pair(Linear First, Linear Second);

    private struct Slot
    {
        public Linear Layer;
    }

    private static Linear Small => new(1, 1, bias: false);

    private static string[] Paths(Module module) => [.. module.NamedParameters().Select(p => p.Path)];

    private static Holds<T> Of<T>(T held) => new(held);

    [Fact]
    public void Tuples_arrays_and_collections_are_unpacked_also_nested()
    {
        Assert.Equal(["held.Item1.weight", "held.Item2.weight"], Paths(Of((mean: Small, scale: Small))));
        Assert.Equal(["held.Item1.0.weight", "held.Item2.a.Item1.weight"],
            Paths(Of((new[] { Small }, new Dictionary<string, (Module, int)> { ["a"] = (Small, 2) }))));
        Assert.Equal(["held.Item8.weight", "held.Item9.weight"], Paths(Of((1, 2, 3, 4, 5, 6, 7, Small, Small))));
        Assert.Equal(["held.0.a.weight"], Paths(Of(new List<Dictionary<string, Module>> { new() { ["a"] = Small } })));
        Assert.Equal(["held.0.weight", "held.1.weight"], Paths(Of<IReadOnlyList<Module>>([Small, Small])));
        Assert.Equal(["held.0.weight", "held.3.weight"], Paths(Of(new Module?[,] { { Small, null }, { null, Small } })));
        Assert.Equal(["held.0.weight"], Paths(Of<object>(new object[] { Small, "x", 3 })));
    }

    public static TheoryData<string, object> Hidden => new()
    {
        { "HashSet<Module>", new HashSet<Module> { Small } }, { "Pair", new Pair(Small, Small) },
            { "Pair", new List<object> { new Pair(Small, Small) } },
        { "Slot", new Slot { Layer = Small } }, { "Queue<Parameter>", new Queue<Parameter>([new(Tensor.Ones(1))]) },
            { "Stack<StateBuffer>", new Stack<DeepNet.Nn.StateBuffer>([new(Tensor.Ones(1))]) },
        { "LinkedList<Module>", new LinkedList<Module>([Small]) }, { "Lazy<Linear>", new Lazy<Linear>(() => Small) },
            { "Tuple<Linear, Int32>", Tuple.Create(Small, 1) },
        { "KeyValuePair<String, Module>", new KeyValuePair<string, Module>("a", Small) },
            { "Dictionary<Module, String>", new Dictionary<Module, string> { [Small] = "a" } },
        { "Iterator", new[] { Small, Small }.Where(x => x.Bias is null) },
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public void Parts_in_another_form_are_an_error_that_names_the_field_and_the_forms(string form, object held)
    {
        var module = Of(held);
        string message = Assert.Throws<NotSupportedException>(() => module.Parameters()).Message;
        Assert.StartsWith("[module] the field 'held' of Holds<Object> holds a ", message);
        Assert.Contains(form, message);
        Assert.Contains("would be neither trained nor saved. Modules, parameters and buffers are found in fields of their own and in "
            + "arrays, lists, dictionaries (as values) and tuples", message);
        Assert.Contains("[NotChild]", message);
        Assert.Throws<NotSupportedException>(() => module.State());
        Assert.Throws<NotSupportedException>(() => module.Clone());
    }

    [Fact]
    public void Layers_find_it_when_they_first_compute()
        => Assert.Throws<NotSupportedException>(() => new Sequential(Of(new HashSet<Module> { Small })).Forward(Tensor.Zeros(1, 1)));

    [Fact]
    public void Fields_without_parts_are_no_alarm()
    {
        var seen = Small;
        Func<Tensor, Tensor> function = seen.Forward;
        Assert.Empty(Of<object?>(null).Parameters());
        Assert.Empty(Of<(Linear?, object?)>((null, null)).Parameters());
        Assert.Empty(Of(function).Parameters());
        Assert.Empty(Of(new WeakReference<Module>(seen)).Parameters());
        Assert.Empty(Of(new List<string> { "a" }).Parameters());
        Assert.Empty(Of(new HashSet<Module>()).Parameters());
        Assert.Empty(Of<object>(new Exception("x")).Parameters());
        Assert.Empty(Of<IEnumerable<int>>(Enumerable.Range(0, 3).Where(i => i > 1)).Parameters());
        Assert.Empty(Of(new TransformerOptions(4, 2)).Parameters());
        Assert.Empty(Of(typeof(Linear)).Parameters());
    }

    // An optimizer in a field holds the parameters of the module: they are found in their own fields, so nothing is lost.
    [Fact]
    public void Parts_that_are_found_elsewhere_too_are_no_alarm()
    {
        var layer = Small;
        Assert.Equal(["held.Item1.weight"], Paths(Of<(Module, object)>((layer, new HashSet<Module> { layer }))));
        var error = Assert.Throws<NotSupportedException>(() => Of<(Module, object)>((layer, new HashSet<Module> { layer })).Clone());
        Assert.Contains("HashSet<Module>, where a copy would share it with the original", error.Message);
    }

    private sealed class Student : Module
    {
        public readonly Linear body = Small;
        [NotChild]
        public readonly Linear teacher = Small;
        [NotChild]
        public readonly Linear same;
        [NotChild]
        public readonly HashSet<Module> others = [Small];
        public Student() => same = body;
        public override Tensor Forward(Tensor x) => body.Forward(x);
    }

    [Fact]
    public void What_is_marked_is_no_child()
    {
        var student = new Student();
        Assert.Equal(["body.weight"], student.State().Keys);
        Assert.Equal(["body"], student.Children().Select(c => c.Name));
        student.Eval();
        Assert.True(student.teacher.IsTraining);
        var copy = Module.Clone(student);
        Assert.Same(student.teacher, copy.teacher);
        Assert.Same(student.others, copy.others);
        Assert.NotSame(student.body, copy.body);
        Assert.Same(copy.body, copy.same);
    }

    [Fact]
    public void A_clone_shares_nothing_in_tuples_and_arrays_of_two_axes()
    {
        var model = Of((new Module[,] { { Small, Small } }, 5, Small, "x", Small, Small, Small, (Small, 3L)));
        var copy = Module.Clone(model);
        Assert.Equal(Paths(model), Paths(copy));
        Assert.Equal(7, Paths(copy).Length);
        Assert.Equal(14, model.Parameters().Concat(copy.Parameters()).Distinct().Count());
        Assert.Equal((5, "x", 3L), (copy.held.Item2, copy.held.Item4, copy.held.Item8.Item2));
        foreach (var (one, other) in model.Parameters().Zip(copy.Parameters())) Assert.Equal(one.Value.ToArray(), other.Value.ToArray());
    }

    [Fact]
    public void Paths_that_meet_are_an_error_that_shows_both()
    {
        var model = new Sequential(("a.b", Small), ("a", new Sequential(("b", Small))));
        string message = Assert.Throws<InvalidOperationException>(() => model.State()).Message;
        Assert.StartsWith("[module] two parts have the path 'a.b.weight': 'a.b' → 'weight' and 'a' → 'b' → 'weight'.", message);
        Assert.Contains("two parts have the path 'held.1'", Assert.Throws<InvalidOperationException>(
            () => Of(new Dictionary<object, Parameter> { [1] = new(Tensor.Ones(1)), ["1"] = new(Tensor.Ones(1)) }).State()).Message);
        Assert.Equal(["a.b.weight", "a.c.weight"], new Sequential(("a.b", Small), ("a", new Sequential(("c", Small)))).State().Keys);
    }

    [Fact]
    public void A_module_that_contains_itself_is_an_error_that_names_the_path()
    {
        var outer = new Sequential();
        Assert.Contains("[sequential] 'x' is the Sequential itself", Assert.Throws<ArgumentException>(() => outer.Add("x", outer)).Message);
        var inner = new Sequential(("back", outer));
        outer.Add("in", inner);
        string message = Assert.Throws<InvalidOperationException>(() => outer.Forward(Tensor.Zeros(1))).Message;
        Assert.StartsWith("[module] 'in.back' is the Sequential that is the model itself, which it is inside of", message);
        Assert.StartsWith("[module] 'a.in.back' is the Sequential 'a'",
            Assert.Throws<InvalidOperationException>(() => new Sequential(("a", outer)).Parameters()).Message);
        var list = new List<object>();
        list.Add(list);
        Assert.Contains("Does a collection contain itself?", Assert.Throws<NotSupportedException>(() => Of(list).Parameters()).Message);
    }

    // A cycle that is closed after the first pass, when paths were given already.
    [Fact]
    public void A_pass_without_end_is_an_error_before_the_stack_is_used_up()
    {
        var outer = new Sequential();
        outer.Forward(Tensor.Zeros(1));
        outer.Add("in", new Sequential(("back", outer)));
        Assert.Contains("[forward] the stack is used up at ",
            Assert.Throws<InvalidOperationException>(() => outer.Forward(Tensor.Zeros(1))).Message);
    }

    private static Sequential Nest(int levels)
    {
        var model = new Sequential(Small);
        for (int i = 1; i < levels - 1; i++) model = new Sequential(("0", model));
        return model;
    }

    [Fact]
    public void A_thousand_levels_work_and_more_are_an_error()
    {
        var model = Nest(1000);
        var x = Tensor.From<float>([2], new Shape(1, 1));
        float[] y = model.Forward(x).ToArray();
        Assert.Equal(y, Module.Clone(model).Forward(x).ToArray());
        Assert.Equal(1000, model.Modules().Count());
        foreach (int levels in new[] { 1001, 15_000 })
        {
            var deep = Nest(levels);
            string message = Assert.Throws<InvalidOperationException>(() => deep.Parameters()).Message;
            Assert.Contains("is nested more than 1,000 levels deep", message);
            Assert.Throws<InvalidOperationException>(() => deep.Forward(x));
            Assert.Throws<InvalidOperationException>(() => deep.Clone());
        }
    }
}
