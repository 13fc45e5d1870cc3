"""What only a framework, a template, SQL or a reader by name uses: vulture's whitelist, by who uses it.

A name that is used nowhere any more goes from here too: tests/docs/test_whitelist.py says which. It is never run.
"""

# Django's settings, read by name from soccerpredict/settings.py; unfold's from back_office/theme.py.
(
    ALLOWED_HOSTS,
    APPEND_SLASH,
    AUTH_PASSWORD_VALIDATORS,
    CACHES,
    CSRF_COOKIE_SECURE,
    CSRF_FAILURE_VIEW,
    CSRF_TRUSTED_ORIGINS,
    DATABASES,
    DEBUG,
    DEBUG_TOOLBAR_CONFIG,
    DEFAULT_AUTO_FIELD,
    FORMAT_MODULE_PATH,
    INTERNAL_IPS,
    LANGUAGE_CODE,
    LOGGING,
    LOGIN_REDIRECT_URL,
    REST_FRAMEWORK,
    ROOT_URLCONF,
    SECURE_HSTS_INCLUDE_SUBDOMAINS,
    SECURE_HSTS_PRELOAD,
    SECURE_HSTS_SECONDS,
    SECURE_PROXY_SSL_HEADER,
    SECURE_REDIRECT_EXEMPT,
    SECURE_REFERRER_POLICY,
    SECURE_SSL_REDIRECT,
    SESSION_COOKIE_HTTPONLY,
    SESSION_COOKIE_SECURE,
    SPECTACULAR_SETTINGS,
    STATICFILES_DIRS,
    STATIC_ROOT,
    STATIC_URL,
    STORAGES,
    TEMPLATES,
    TIME_ZONE,
    UNFOLD,
    USE_TZ,
    WSGI_APPLICATION,
    X_FRAME_OPTIONS,
)

# Django's backend for a database looks for its driver here.
(Database,)

# What an object is, which Python itself asks (soccerpredict/database/connection.py).
(__class__,)

# gunicorn calls these hooks and reads these settings (server/gunicorn.py), some with arguments that we need not.
(
    child_exit,
    control_socket_disable,
    forwarder_headers,
    graceful_timeout,
    keepalive,
    limit_request_field_size,
    limit_request_line,
    logger_class,
    max_requests_jitter,
    on_starting,
    request_time,
    resp,
    reuse_port,
    worker_class,
    worker_exit,
    worker_tmp_dir,
)

# Names that http.server calls and reads
(
    allow_reuse_port,
    client_address,
    close_connection,
    daemon_threads,
    do_DELETE,
    do_GET,
    do_HEAD,
    do_OPTIONS,
    do_PATCH,
    do_POST,
    do_PUT,
    log_message,
    protocol_version,
    request_queue_size,
    version_string,
)

# Templates read these of what pages and the start page hand them.
(
    all_curl,
    away_width,
    bar,
    closing_value,
    curl,
    draw_width,
    failed_tasks,
    fair,
    heat,
    height,
    is_empty,
    is_stale,
    is_value,
    leading,
    n_rejected,
    precedent,
    rejected_rows,
    requests_lately,
    requests_today,
    y_ticks,
    zero,
)

# Serializers name these members of answers: services give them as keys of dicts, or as fields by asdict.
(
    adjusted_p_value,
    all_others,
    average_match,
    away_win,
    away_win_proba,
    class_frequencies,
    correct_score,
    draw_proba,
    evidently,
    expected_log_loss,
    first_kick_off,
    first_kickoff,
    home_loss,
    home_win,
    home_win_proba,
    last_end,
    last_kick_off,
    last_kickoff,
    loaded_models,
    log_loss_minus_class_frequencies,
    log_loss_minus_closing_line,
    memory_usage_mb,
    model_on_the_same,
    model_run_id,
    model_stage,
    model_uri,
    n_published_before_kickoff,
    n_void,
    over_under,
    predicted_label,
    statistic,
    threshold,
    usual_statistic,
    without_result,
    worker_pid,
    yes,
)

# What a client sends: the serializer's field is read as a key of what it validated.
(
    match_datetime_utc,
)

# Choices: their values come from sources, forms and rows, so no code names the member.
(
    ADMINISTRATOR,
    AVERAGE,
    AWAY_CORNERS,
    AWAY_FOULS,
    AWAY_RED_CARDS,
    AWAY_SHOTS,
    AWAY_SHOTS_ON_TARGET,
    AWAY_TEAM,
    AWAY_YELLOW_CARDS,
    DELETE,
    FUZZY_NAME,
    HABIT,
    HOME_CORNERS,
    HOME_FOULS,
    HOME_RED_CARDS,
    HOME_SHOTS,
    HOME_SHOTS_ON_TARGET,
    HOME_TEAM,
    HOME_YELLOW_CARDS,
    KELLY,
    KNOWN_SPELLING,
    NEUTRAL_VENUE,
    OPENING,
    POWER,
    PROPORTIONAL,
    STATUS,
)

# Columns that COPY, SQL, the admin's lists and forms, or a table of statistics name in quotes.
(
    away_corners,
    away_fouls,
    away_half_time_score,
    away_red_cards,
    away_shots,
    away_shots_on_target,
    away_yellow_cards,
    bet_rate,
    contact,
    decision_reason,
    evaluated_until,
    home_corners,
    home_fouls,
    home_half_time_score,
    home_red_cards,
    home_shots,
    home_shots_on_target,
    home_yellow_cards,
    may_pass_on,
    replaced_by,
    retired_by,
    same_as,
    told_team,
    undoes,
    undone_why,
)

# Numbers of a rating and of a scoreboard: compiled code and tables read them by their names in quotes.
(
    brier_se,
    correlation,
    ece_se,
    edge_rate,
    first_spread,
    first_style_spread,
    ground_rate,
    level_rate,
    log_loss_se,
    move_variance,
    newcomer_rate,
    rps_se,
    shrink,
    style_shrink,
    world_rate,
)

# Named in quotes by settings, and loaded from there.
(
    AllowedMethods,
    ConsoleFormatter,
    ContextFilter,
    JsonFormatter,
    NoNul,
    PageMessages,
    PageSessions,
    PageStaticFiles,
    PageUsers,
    RedisAndDatabaseBackend,
    StrictJSONParser,
    StrictNegotiation,
    csrf_failure,
    data_notice,
    exception_handler,
    require_bodies,
    with_overview,
)

# URLs name them as the handlers of errors.
(
    bad_request,
    page_not_found,
    permission_denied,
    server_error,
)

# Django's admin, and unfold's, read or call them.
(
    add_fieldsets,
    add_form,
    can_delete,
    change_form_before_template,
    change_form_outer_before_template,
    change_password_form,
    changed_objects,
    commit,
    compressed_fields,
    date_hierarchy,
    db_type,
    deleted_objects,
    enabled,
    fk_name,
    full_result_count,
    hide_title,
    model_admin,
    new_objects,
    num_pages,
    parameter_name,
    raw_id_fields,
    template_name,
)

# Django REST framework reads or calls them.
(
    allow_request,
    authenticate,
    content_negotiation_class,
    determine_metadata,
    has_permission,
    is_authenticated,
    select_renderer,
)

# drf-spectacular finds these by their base class, and reads the rest.
(
    ApiKeyScheme,
    BoundedArrays,
    ClosedBodies,
    map_serializer,
    match_subclasses,
    target_class,
    template_name_js,
)

# Django's requests, responses and checks.
(
    _stream,
    app_configs,
    streaming_content,
)

# pydantic, numba and Celery's pool read these.
(
    CACHE_DIR,
    model_config,
    timers,
)

# Arguments that only make a cache's key, or that the caller's protocol gives.
(
    inode,
    mtime_ns,
    signum,
)

# Types in annotations that are strings, since importing them at run time is slow.
(
    SpanProcessor,
    Study,
)

# Named in the settings.
(
    KnownBrowsers,
    SignInForm,
)
