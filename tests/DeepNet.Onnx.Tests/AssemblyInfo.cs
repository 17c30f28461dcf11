// Live bytes and the default generator are one for the whole process, and the library uses all cores by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
