// Labs draw from the default generator, as programs do: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
