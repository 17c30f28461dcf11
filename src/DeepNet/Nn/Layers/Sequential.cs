using System.Collections;
using System.Globalization;

namespace DeepNet.Nn;

/// <summary>Modules one after the other.</summary>
/// <example><code>var model = new Sequential(new Linear(784, 128, activation: new Relu()), new Linear(128, 10));</code></example>
public sealed class Sequential : Layer, IReadOnlyList<Module>
{
    [StateName("")]
    private readonly OrderedDictionary<string, Module> modules = [];

    /// <summary>Empty, to be added to.</summary>
    public Sequential() : this(Array.Empty<Module>()) { }

    /// <summary>Modules that are called 0, 1, 2….</summary>
    public Sequential(params IEnumerable<Module> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var module in modules) Add(module);
    }

    /// <summary>Modules with names.</summary>
    public Sequential(params IEnumerable<(string Name, Module Module)> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var (name, module) in modules) Add(name, module);
    }

    /// <summary>Appends a module, which is called by its number.</summary>
    public void Add(Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Appends a module with a name.</summary>
    public void Add(string name, Module module)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(module);
        if (ReferenceEquals(module, this))
            throw new ArgumentException($"[sequential] '{name}' is the Sequential itself: a module cannot contain itself.");
        if (!modules.TryAdd(name, module))
            throw new ArgumentException($"[sequential] there is a module called '{name}' already: {modules[name]}.");
    }

    /// <summary>Gets the number of modules.</summary>
    public int Count => modules.Count;

    /// <summary>A module by its place.</summary>
    public Module this[int index] => modules.GetAt(index).Value;

    /// <summary>A module by its name.</summary>
    public Module this[string name] => modules[name];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        for (int i = 0; i < modules.Count; i++) x = modules.GetAt(i).Value.Forward(x);
        return x;
    }

    /// <summary>The modules in order.</summary>
    public IEnumerator<Module> GetEnumerator() => modules.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
