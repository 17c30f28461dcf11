using System.Reflection;
using DeepNet.Nn;
using Module = DeepNet.Nn.Module;

namespace DeepNet.RandomPrograms;

/// <summary>The operators that programs are made of, one partial file a topic. <see cref="Uncovered"/> lists the others.</summary>
internal sealed partial class Catalog
{
    private readonly Dictionary<string, Operation> operations = [];
    private readonly List<Operation> drawn;

    /// <summary>All public operators that can be called.</summary>
    public Catalog()
    {
        AddElementwise();
        AddReductions();
        AddStatistics();
        AddViews();
        AddCopies();
        AddIndexing();
        AddProducts();
        AddLinearAlgebra();
        AddCreation();
        AddInPlace();
        AddLosses();
        AddLayers();
        AddImages();
        AddMoreActivations();
        drawn = [.. operations.Values];
    }

    /// <summary>The same, with more operators, each of which is drawn as often as <paramref name="times"/> others.</summary>
    public Catalog(IEnumerable<Operation> more, int times = 1) : this()
    {
        foreach (var operation in more)
        {
            operations.Add(operation.Name, operation);
            for (int i = 0; i < times; i++) drawn.Add(operation);
        }
    }

    public Operation this[string name] => operations[name];

    public IReadOnlyCollection<Operation> Operations => operations.Values;

    public Operation Draw(Random random) => drawn[random.Next(drawn.Count)];

    private void Add(string name, Func<Choices, object?[]?> choose, bool isCut = false, bool isInPlace = false)
    {
        if (!PublicOperators.All.TryGetValue(name, out var method)) throw new ArgumentException($"There is no public operator {name}.");
        operations.Add(name, new Operation(name, method, choose) { IsCut = isCut, IsInPlace = isInPlace });
    }

    private static readonly MethodInfo Forward = typeof(Module).GetMethod(nameof(Module.Forward))!;

    private void AddLayer(string name, Func<Choices, object?[]?> choose)
        => operations.Add(name, new Operation(name, PublicOperators.All[name], choose) { Forward = Forward });

    /// <summary>A method of a layer besides its Forward, called on a new layer.</summary>
    private void AddLayer(string name, string constructor, Func<Choices, object?[]?> choose)
    {
        var forward = (MethodInfo)PublicOperators.All[name];
        operations.Add(name, new Operation(name, PublicOperators.All[constructor], choose) { Forward = forward });
    }
}
